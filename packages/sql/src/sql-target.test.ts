import { describe, test } from '@jest/globals';
import { transactionalTargetContract } from '@flamingock/testing';
import { sqliteTargetHarness } from '../test/sqlite-target-harness.js';

describe.each(['delete', 'wal'] as const)('the SQLite target (%s) keeps the contract', (journal) => {
  const harness = sqliteTargetHarness(journal);
  for (const { name, run } of transactionalTargetContract()) test(name, () => run(harness));
});

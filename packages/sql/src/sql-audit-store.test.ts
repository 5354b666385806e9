import { describe, test } from '@jest/globals';
import { auditStoreContract } from '@flamingock/testing';
import { sqliteAuditHarness } from '../test/sqlite-audit-harness.js';

describe.each(['delete', 'wal'] as const)('the SQLite audit store (%s) keeps the contract', (journal) => {
  const harness = sqliteAuditHarness(journal);
  for (const { name, run } of auditStoreContract()) test(name, () => run(harness));
});

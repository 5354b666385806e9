import { describe, test } from '@jest/globals';
import { transactionalTargetContract } from '@flamingock/testing';
import { typeormTargetHarness } from '../test/typeorm-target-harness.js';

describe('the target on a data source keeps the contract', () => {
  for (const { name, run } of transactionalTargetContract()) test(name, () => run(typeormTargetHarness));
});

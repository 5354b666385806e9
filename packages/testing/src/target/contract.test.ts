import { describe, test } from '@jest/globals';
import { memoryTargetHarness } from '../../test/memory-target-harness.js';
import { transactionalTargetContract } from './contract.js';

describe('the in-memory target keeps the contract', () => {
  for (const { name, run } of transactionalTargetContract()) test(name, () => run(memoryTargetHarness));
});

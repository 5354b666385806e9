import { describe, test } from '@jest/globals';
import { auditStoreContract } from './contract.js';
import { memoryHarness } from '../../test/memory-harness.js';

describe('the in-memory audit store keeps the contract', () => {
  for (const { name, run } of auditStoreContract()) test(name, () => run(memoryHarness));
});

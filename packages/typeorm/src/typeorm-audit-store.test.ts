import { describe, test } from '@jest/globals';
import { auditStoreContract } from '@flamingock/testing';
import { typeormAuditHarness } from '../test/typeorm-audit-harness.js';

describe('the audit store on a data source keeps the contract', () => {
  for (const { name, run } of auditStoreContract()) test(name, () => run(typeormAuditHarness));
});

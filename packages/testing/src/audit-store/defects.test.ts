import { describe, expect, test } from '@jest/globals';
import { defectiveStores } from '../../test/defective-stores.js';
import { failingCases } from '../../test/failing-cases.js';
import { tabledHarness, tabledStore } from '../../test/tabled-memory.js';
import { auditStoreContract } from './contract.js';
import type { AuditStoreHarness } from './harness.js';

/** The cases that a store does not pass. */
function failing(harness: AuditStoreHarness): Promise<string[]> {
  return failingCases(auditStoreContract(), harness);
}

describe('the contract tells honest stores from defective ones', () => {
  const caught = new Map<string, readonly string[]>();

  test('an honest store passes every case', async () => {
    expect(await failing(tabledHarness(tabledStore))).toEqual([]);
  });

  test.each(Object.entries(defectiveStores))('it catches a store that %s', async (what, make) => {
    const names = await failing(tabledHarness(make));
    caught.set(what, names);
    expect(names).not.toEqual([]);
  });

  test('every case has caught at least one of them', () => {
    const useful = new Set([...caught.values()].flat());
    expect(
      auditStoreContract()
        .map(({ name }) => name)
        .filter((name) => !useful.has(name)),
    ).toEqual([]);
  });
});

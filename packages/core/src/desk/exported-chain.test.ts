import { expect, test } from '@jest/globals';
import { defineChange } from '../change/define-change.js';
import { createFlamingock } from '../create-flamingock.js';
import type { HashedEntry } from '../engine/ledger-history.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget } from '../memory/memory-target.js';
import { openDesk } from './desk.js';
import { verifyExport } from './exported-chain.js';

async function exported(): Promise<HashedEntry[]> {
  const auditStore = memoryAuditStore(new MemoryDatabase());
  const change = defineChange({
    ...{ id: 'größe', order: '1', name: 'Grösse', targetSystem: 'shop' },
    apply: () => Promise.resolve(),
  });
  const options = { service: 'shop', environment: 'local', auditStore };
  const targets = { shop: memoryTarget(new MemoryDatabase()) };
  await createFlamingock({ ...options, targets, changes: [change], logger: false }).run();
  const { entries } = await openDesk(options).history();
  return JSON.parse(JSON.stringify(entries)) as HashedEntry[];
}

test('an export is intact, and is not once an entry of it was edited or taken out', async () => {
  const entries = await exported();
  expect(verifyExport(entries)).toEqual({ intact: true });
  const edited = entries.map((entry) => (entry.sequence === 2 ? { ...entry, host: 'elsewhere' } : entry));
  expect(verifyExport(edited)).toMatchObject({ intact: false, sequence: 2 });
  expect(verifyExport(entries.filter(({ sequence }) => sequence !== 2))).toMatchObject({ intact: false });
});

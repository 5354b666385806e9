import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { instance, KEY } from '../../test/instance.js';
import { wrappedStore } from '../../test/wrapped-store.js';
import type { Change } from '../change/change.js';
import type { AuditStore, LedgerContent } from '../ledger/audit-store.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget } from '../memory/memory-target.js';

const inDb = (name: string): Change => changeOf(name, { targetSystem: 'db' });
const [first, second] = [inDb('_0001__a'), inDb('_0002__b')];

let database: MemoryDatabase;
let store: AuditStore;
/** What the store answered, outside of the lock. */
let readings: LedgerContent[];

beforeEach(async () => {
  database = new MemoryDatabase();
  readings = [];
  store = wrappedStore(memoryAuditStore(database), (inner) => ({
    read: async (...args) => {
      const content = await inner.read(...args);
      readings.push(content);
      return content;
    },
  }));
  await start([first, second]);
  readings.length = 0;
});

function start(changes: readonly Change[], identity?: string) {
  const db = { ...memoryTarget(database), ...(identity === undefined ? {} : { identity }) };
  return instance({ store, targets: { db }, changes }).start();
}

describe('a start with nothing pending', () => {
  test('needs no entries where the last run has completed the same declaration', async () => {
    await expect(start([first, second])).resolves.toMatchObject({
      outcome: 'up-to-date',
      total: 2,
      ahead: [],
    });
    expect(readings).toEqual([expect.objectContaining({ complete: true, entries: [] })]);
  });

  test('reads everything, at once, where the declaration is another', async () => {
    await expect(start([first])).resolves.toMatchObject({ outcome: 'up-to-date', ahead: ['b'] });
    await expect(start([first, second], 'orders@eu-1')).resolves.toMatchObject({ outcome: 'up-to-date' });
    expect(readings.map(({ entries }) => entries.length)).toEqual([3, 3]);
  });

  test('reads everything where somebody has taken the lock since and left no word', async () => {
    const session = await store.openSession();
    await session.acquire(KEY, { owner: 'somebody', host: 'host', processId: 1, leaseMs: 1_000 });
    await session.release(KEY, 'somebody', 3);
    await start([first, second]);
    expect(readings.map(({ complete, entries }) => [complete, entries.length])).toEqual([[false, 3]]);
  });

  test('refuses a ledger that has lost an entry, although the last run had completed it', async () => {
    const ledger = database.ledger(KEY);
    database.commit({
      ledgers: new Map(
        [...database.contents().ledgers].map(([id]) => [
          id,
          { ...ledger, entries: ledger.entries.toSpliced(1, 1) },
        ]),
      ),
    });
    await expect(start([first, second])).rejects.toMatchObject({ code: 'FLG_LEDGER_INCOMPLETE' });
  });
});

test('a run that leaves a newer release ahead leaves no word for itself', async () => {
  await start([first]);
  await start([first]);
  expect(readings.map(({ complete }) => complete)).toEqual([false, false]);
});

test('a change that is added to a complete sequence is applied', async () => {
  const third = inDb('_0003__c');
  await expect(start([first, second, third])).resolves.toMatchObject({
    outcome: 'applied',
    applied: [{ id: 'c' }],
  });
  readings.length = 0;
  await start([first, second, third]);
  expect(readings).toEqual([expect.objectContaining({ complete: true })]);
});

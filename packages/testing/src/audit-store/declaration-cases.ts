import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { auditCaseWith, initialisedStore, withSessions } from './audit-case.js';
import type { AuditDatabase, AuditStoreHarness } from './harness.js';
import { granted, KEY, sealed } from './samples.js';

const DECLARED = 'the declaration';

/** A ledger that completes what is declared is told from others without its entries. */
export const declarationCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCaseWith(
    ['declarations'],
    'a ledger is complete for what it was released with, and for nothing else',
    (database) =>
      released(database, async (complete) => {
        same(await complete(DECLARED), [true, 2]);
        for (const other of ['another declaration', '', 'THE DECLARATION', undefined]) {
          same(await complete(other), [false, 2, 1, 2], String(other));
        }
        for (const key of [
          { ...KEY, tenant: 'acme' },
          { ...KEY, environment: 'Production' },
        ]) {
          const { complete: told } = await (await database.store()).read(key, 0, DECLARED);
          assert.ok(told !== true, JSON.stringify(key));
        }
      }),
  ),

  auditCaseWith(['declarations'], 'a lock that is taken again makes nothing complete any more', (database) =>
    released(database, async (complete) => {
      const session = await (await database.store()).openSession();
      await session.release(KEY, 'nobody', 9, 'of somebody who holds nothing');
      same(await complete(DECLARED), [true, 2], 'a release by somebody else is harmless');
      await granted(session, 'b');
      same(await complete(DECLARED), [false, 2, 1, 2]);
      await session.release(KEY, 'b', 2);
      same(await complete(DECLARED), [false, 2, 1, 2]);
      await session.close();
    }),
  ),

  auditCaseWith(['declarations'], 'a ledger with another end, or with a gap, is not complete', (database) =>
    released(database, async (complete) => {
      const session = await (await database.store()).openSession();
      await session.append(KEY, sealed(3));
      same(await complete(DECLARED), [false, 2, 1, 2, 3], 'an entry that was appended without the lock');
      await session.close();
      await database.editEntry(KEY, 1, undefined);
      same(await complete(DECLARED), [false, 2, 2, 3], 'as many entries, and not all');
      await database.editEntry(KEY, 3, undefined);
      same(await complete(DECLARED), [false, 2, 2], 'the same end, and not all');
    }),
  ),
];

/** Answers whether a declaration is complete, how far the ledger has come, and the entries that are read. */
type Complete = (declaration: string | undefined) => Promise<readonly unknown[]>;

/** A ledger of two entries whose lock was given back with what it completes. */
async function released(
  database: AuditDatabase,
  check: (complete: Complete) => Promise<void>,
): Promise<void> {
  const store = await initialisedStore(database);
  await withSessions(database, async (session) => {
    await granted(session, 'a');
    await session.append(KEY, sealed(1));
    await session.append(KEY, sealed(2));
    await session.release(KEY, 'a', 2, DECLARED);
  });
  await check(async (declaration) => {
    const { complete, highestSequence, entries } = await store.read(KEY, 0, declaration);
    return [complete === true, highestSequence, ...entries.map(({ sequence }) => sequence)];
  });
}

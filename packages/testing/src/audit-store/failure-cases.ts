import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { assertCode, assertUnknown, failureOf } from '../failure.js';
import { patiently } from '../patiently.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import { auditCaseWith, initialisedStore } from './audit-case.js';
import type { AuditDatabase, AuditStoreHarness, UnreliableStore } from './harness.js';
import { granted, KEY, leaseOf, sealed, stored } from './samples.js';

/** What a store says when it cannot do what it was asked. */
export const failureCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCaseWith(
    ['lostReplies'],
    'an append whose reply is lost is settled by appending again on another session',
    async (database) => {
      const { store, loseReplies } = await unreliable(database);
      const session = await store.openSession();
      await session.append(KEY, sealed(1));
      await loseReplies();
      const original = sealed(2, 'whose reply is lost');
      const error = await failureOf(session.append(KEY, original));
      assertUnknown(error);

      const other = await (await database.store()).openSession();
      const again = await failureOf(patiently(() => other.append(KEY, original)));
      if (again !== undefined) assertCode(again, 'FLG_SEQUENCE_TAKEN');
      same((await other.read(KEY, 1)).entries, [stored(original)], 'whoever wrote it, it is its own');
      same(await database.rawEntries(KEY), [stored(sealed(1)), stored(original)]);
      await session.close();
      await other.close();
    },
  ),

  auditCaseWith(
    ['lostReplies'],
    'a lease whose reply is lost is taken or renewed again by its owner',
    async (database) => {
      const { store, loseReplies } = await unreliable(database);
      const session = await store.openSession();
      await loseReplies();
      assertUnknown(await failureOf(session.acquire(KEY, leaseOf('a'))));
      await session.close();

      const other = await (await database.store()).openSession();
      assert.equal((await granted(other, 'a')).tookOverFrom, undefined);
      assert.ok((await other.renew(KEY, leaseOf('a'), 1)) !== undefined);
      await other.close();
    },
  ),

  auditCaseWith(
    ['permissions'],
    'a right that is missing is named, and nothing was written',
    async (database) => {
      const session = await (await initialisedStore(database)).openSession();
      await session.append(KEY, sealed(1));
      const restricted = await provided('permissions', database.restricted?.());
      same((await restricted.read(KEY, 0)).entries, [stored(sealed(1))], 'what it may do, it does');
      const reader = await restricted.openSession();
      for (const request of [
        () => reader.append(KEY, sealed(2)),
        () => reader.append(KEY, sealed(1)),
        () => reader.acquire(KEY, leaseOf('a')),
      ]) {
        assertCode(await failureOf(request()), 'FLG_STORE_PERMISSION');
      }
      await reader.close();
      await session.close();
      same(await database.rawEntries(KEY), [stored(sealed(1))]);
    },
  ),
];

async function unreliable(database: AuditDatabase): Promise<UnreliableStore> {
  await initialisedStore(database);
  return provided('lostReplies', database.unreliable?.());
}

import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { auditCase, auditCaseWith, initialisedStore, refused, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { KEY, leaseOf, sealed, stored } from './samples.js';

/** The pinned connection. */
export const sessionCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCase('a session may be closed twice, and leaves the others alone', (database) =>
    withSessions(database, async (first, second) => {
      await first.acquire(KEY, leaseOf('a'));
      await first.close();
      await first.close();
      await second.append(KEY, sealed(1));
      same(await database.rawEntries(KEY), [stored(sealed(1))]);
      assert.equal((await database.rawLock(KEY))?.owner, 'a', 'closing releases no lock');
    }),
  ),

  auditCase('a store opens one session after the other', async (database) => {
    const store = await initialisedStore(database);
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      const session = await store.openSession();
      await session.append(KEY, sealed(sequence));
      await session.close();
    }
    assert.equal((await store.read(KEY, 0)).entries.length, 20);
  }),

  auditCaseWith(
    'settings',
    'the connection is given back with the settings that it had',
    async (database) => {
      const store = await database.store();
      const before = await database.settings(store);
      await store.initialise();
      await store.read(KEY, 0);
      const session = await store.openSession();
      await session.acquire(KEY, leaseOf('a'));
      await session.append(KEY, sealed(1));
      await refused(() => session.append(KEY, sealed(1)), 'FLG_SEQUENCE_TAKEN');
      await session.renew(KEY, leaseOf('a'), 1);
      await session.release(KEY, 'a', 1);
      await session.close();
      same(await database.settings(store), before);
    },
    async (database) => {
      assert.equal(await database.settings(await database.store()), undefined);
    },
  ),
];

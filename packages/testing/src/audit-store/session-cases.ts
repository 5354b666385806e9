import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { patiently } from '../patiently.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import { auditCase, auditCaseWith, initialisedStore, refused, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { granted, KEY, leaseOf, sealed, stored } from './samples.js';

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
    ['settings'],
    'the connection is given back with the settings that it had',
    async (database) => {
      const store = await database.store();
      const settings = (): Promise<unknown> => provided('settings', database.settings?.(store));
      const before = await settings();
      await store.initialise();
      await store.read(KEY, 0);
      const session = await store.openSession();
      await session.acquire(KEY, leaseOf('a'));
      await session.append(KEY, sealed(1));
      await refused(() => session.append(KEY, sealed(1)), 'FLG_SEQUENCE_TAKEN');
      await session.renew(KEY, leaseOf('a'), 1);
      await session.release(KEY, 'a', 1);
      await session.close();
      same(await settings(), before);
    },
  ),

  auditCaseWith(
    ['concurrentSessions'],
    'a store that does not say that it lends one connection lends several',
    async (database) => {
      const store = await initialisedStore(database);
      assert.ok(store.capabilities.lendsOneConnection !== true, 'a pool of one is said to be one');
      const sessions = [await store.openSession(), await store.openSession()];
      for (const [index, session] of sessions.entries()) {
        await patiently(() => session.append(KEY, sealed(index + 1)));
      }
      assert.equal((await store.read(KEY, 0)).entries.length, 2);
      await Promise.all(sessions.map((session) => session.close()));
    },
  ),

  auditCaseWith(
    ['poolOfOne'],
    'on a pool of one connection a session does everything that a run needs',
    async (database) => {
      const store = await provided('poolOfOne', database.poolOfOne?.());
      assert.equal(
        store.capabilities.lendsOneConnection,
        true,
        'it says so, so that no target waits for ever',
      );
      await store.initialise();
      assert.equal((await store.read(KEY, 0)).initialised, true);
      const session = await store.openSession();
      await granted(session, 'a');
      await session.append(KEY, sealed(1));
      await refused(() => session.append(KEY, sealed(1)), 'FLG_SEQUENCE_TAKEN');
      await session.renew(KEY, leaseOf('a'), 1);
      same((await session.read(KEY, 0)).entries, [stored(sealed(1))]);
      // Whoever comes next waits for the connection, and gets it.
      const next = store.read(KEY, 0);
      await session.release(KEY, 'a', 1);
      await session.close();
      same((await next).entries, [stored(sealed(1))]);
      same(await store.environments(KEY.service, KEY.tenant), [KEY.environment]);
    },
  ),
];

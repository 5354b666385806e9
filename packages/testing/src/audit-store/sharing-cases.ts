import assert from 'node:assert/strict';
import {
  type AuditStore,
  hasCode,
  type LeaseGrant,
  type LedgerWriter,
  type TransactionOutcome,
} from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { assertCode, failureOf } from '../failure.js';
import { same } from '../same.js';
import { auditCaseWith, initialisedStore, refused } from './audit-case.js';
import type { AuditDatabase, AuditStoreHarness } from './harness.js';
import { KEY, leaseOf, sealed, stored } from './samples.js';

/** Entries that are written inside the transaction of a target. */
export const sharingCases: readonly ContractCase<AuditStoreHarness>[] = [
  sharing(
    'an entry that is appended inside a transaction is committed with it, and not before',
    async (database) => {
      const store = await initialisedStore(database);
      const other = await initialisedStore(database);
      const outcome = await transaction(database, store, async (writer) => {
        await writer.append(KEY, sealed(1));
        same((await other.read(KEY, 0)).entries, [], 'nobody else sees it before the commit');
      });
      assert.equal(outcome.status, 'committed');
      same(await database.rawEntries(KEY), [stored(sealed(1))]);
    },
  ),

  sharing('an entry that is appended inside a transaction is rolled back with it', async (database) => {
    const store = await initialisedStore(database);
    const failure = new Error('after the append');
    const outcome = await transaction(database, store, async (writer) => {
      await writer.append(KEY, sealed(1));
      throw failure;
    });
    same(outcome, { status: 'rolled-back', error: failure });
    same(await database.rawEntries(KEY), []);
  }),

  sharing('a sequence that is taken rolls the transaction back', async (database) => {
    const store = await initialisedStore(database);
    const session = await store.openSession();
    await session.append(KEY, sealed(1, 'from a later run'));
    await session.close();
    const outcome = await transaction(database, store, (writer) => writer.append(KEY, sealed(1)));
    assert.equal(outcome.status, 'rolled-back');
    assert.ok('error' in outcome && hasCode(outcome.error, 'FLG_SEQUENCE_TAKEN'));
    same(await database.rawEntries(KEY), [stored(sealed(1, 'from a later run'))]);
  }),

  sharing(
    'while an entry is not committed yet its sequence is busy, and then free or taken',
    async (database) => {
      const store = await initialisedStore(database);
      const session = await (await initialisedStore(database)).openSession();
      const inside = sealed(1, 'inside of the transaction');
      for (const commits of [false, true]) {
        let meanwhile: unknown;
        await transaction(database, store, async (writer) => {
          await writer.append(KEY, inside);
          meanwhile = await failureOf(session.append(KEY, sealed(1, 'outside')));
          if (!commits) throw new Error('after the append');
        });
        assertCode(meanwhile, 'FLG_STORE_BUSY');
        if (commits) {
          await refused(() => session.append(KEY, sealed(1)), 'FLG_SEQUENCE_TAKEN');
          same(await database.rawEntries(KEY), [stored(inside)]);
        } else {
          same(await database.rawEntries(KEY), [], 'a busy append has not written either');
        }
      }
      await session.close();
    },
  ),

  sharing('a lease that is renewed inside a transaction is extended by its commit', async (database) => {
    const store = await initialisedStore(database);
    const session = await (await initialisedStore(database)).openSession();
    await session.acquire(KEY, leaseOf('a'));
    const before = await database.rawLock(KEY);
    let grant: LeaseGrant | undefined;
    const renew = async (writer: LedgerWriter): Promise<void> => {
      grant = await writer.renew(KEY, leaseOf('a', 120_000), 4);
      assert.equal(
        await writer.renew(KEY, leaseOf('b'), 9),
        undefined,
        "another owner's lease is not renewed",
      );
    };
    await transaction(database, store, async (writer) => {
      await renew(writer);
      throw new Error('after the renewal');
    });
    same(await database.rawLock(KEY), before);
    await transaction(database, store, renew);
    assert.ok(grant !== undefined);
    const expiresAt = grant.now + 120_000;
    same(await database.rawLock(KEY), { owner: 'a', expiresAt, highestSequence: 4 });
    await session.close();
  }),

  auditCaseWith(
    ['sharedTransactions', 'concurrentSessions'],
    'while a transaction is open, a session on the same driver stays outside of it',
    async (database) => {
      const store = await initialisedStore(database);
      const session = await store.openSession();
      await session.acquire(KEY, leaseOf('a'));
      const before = await database.rawLock(KEY);
      const failure = new Error('the change failed');
      let renewal: unknown;
      let append: unknown;
      await transaction(database, store, async () => {
        renewal = await failureOf(session.renew(KEY, leaseOf('a'), 9));
        append = await failureOf(session.append(KEY, sealed(1)));
        throw failure;
      });
      if (store.capabilities.singleConnection) {
        assert.ok(hasCode(renewal, 'FLG_STORE_BUSY'), `the renewal is to be repeated: ${String(renewal)}`);
        assert.ok(
          hasCode(append, 'FLG_STORE_BUSY') || hasCode(append, 'FLG_STORE_SHARED_CONNECTION'),
          String(append),
        );
        same(await database.rawLock(KEY), before);
        same(await database.rawEntries(KEY), []);
      } else {
        same([renewal, append], [undefined, undefined]);
        assert.equal(
          (await database.rawLock(KEY))?.highestSequence,
          9,
          'the roll-back did not take the renewal with it',
        );
        same(await database.rawEntries(KEY), [stored(sealed(1))]);
      }
      await session.close();
    },
  ),
];

function sharing(
  name: string,
  check: (database: AuditDatabase) => Promise<void>,
): ContractCase<AuditStoreHarness> {
  return auditCaseWith(['sharedTransactions'], name, check);
}

/** Runs some writing as the last statements of a target's transaction. */
async function transaction(
  database: AuditDatabase,
  store: AuditStore,
  write: (writer: LedgerWriter) => Promise<void>,
): Promise<TransactionOutcome> {
  const { transactions } = await database.target(store);
  assert.ok(
    transactions !== undefined && transactions.driver === store.driver,
    'both have one driver object',
  );
  assert.equal(store.capabilities.sharedTransactions, true);
  return transactions.run({
    key: KEY,
    shared: { token: 1 },
    idleTimeoutMs: 60_000,
    work: () => Promise.resolve(),
    async beforeCommit(connection) {
      const writer = store.within?.(connection);
      assert.ok(writer !== undefined, 'a store with shared transactions has within()');
      await write(writer);
    },
  });
}

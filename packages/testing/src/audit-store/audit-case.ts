import assert from 'node:assert/strict';
import { type AuditSession, type AuditStore, type ErrorCode } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { assertCode, failureOf } from '../failure.js';
import { patiently } from '../patiently.js';
import type { AuditStoreAbility } from './abilities.js';
import type { AuditDatabase, AuditStoreHarness } from './harness.js';

/** A case with a database of its own. */
export function auditCase(
  name: string,
  check: (database: AuditDatabase) => Promise<void>,
): ContractCase<AuditStoreHarness> {
  return auditCaseWith([], name, check);
}

/** A case for stores with some abilities; of a store without one of them the opposite must be true. */
export function auditCaseWith(
  needs: readonly AuditStoreAbility[],
  name: string,
  check: (database: AuditDatabase) => Promise<void>,
): ContractCase<AuditStoreHarness> {
  return {
    name,
    needs,
    async run(harness) {
      const lacking = needs.find((ability) => harness.lacks?.[ability] !== undefined);
      const database = await harness.database();
      try {
        await (lacking === undefined ? check : UNCLAIMED[lacking])(database);
      } finally {
        await database.close();
      }
    },
  };
}

/** What must be true of a store without an ability. */
const UNCLAIMED: Readonly<Record<AuditStoreAbility, (database: AuditDatabase) => Promise<void>>> = {
  async tables(database) {
    assert.equal((await (await database.store()).read(NOBODY, 0)).initialised, true);
  },
  async settings(database) {
    assert.equal(database.settings, undefined);
  },
  async columns(database) {
    assert.ok(!('columns' in (await database.store())), 'columns() is only for stores that keep some');
  },
  async checkpoints(database) {
    const store = await initialisedStore(database);
    const session = await store.openSession();
    assert.ok(store.capabilities.checkpoints !== true && session.checkpoints === undefined);
    await session.close();
  },
  async declarations(database) {
    const store = await initialisedStore(database);
    const session = await store.openSession();
    await session.acquire(NOBODY, { owner: 'a', host: 'a', processId: 1, leaseMs: 1 });
    await session.release(NOBODY, 'a', 0, 'declared');
    await session.close();
    assert.ok((await store.read(NOBODY, 0, 'declared')).complete !== true);
  },
  async sharedTransactions(database) {
    const store = await database.store();
    assert.equal(store.capabilities.sharedTransactions, false);
    assert.ok(!('within' in store), 'within() is only for stores with shared transactions');
  },
  async concurrentSessions(database) {
    assert.equal((await database.store()).capabilities.lendsOneConnection, true);
  },
  async poolOfOne(database) {
    assert.equal(database.poolOfOne, undefined);
  },
  async timeZones() {
    return Promise.resolve();
  },
  async serverClock() {
    return Promise.resolve();
  },
  async lostReplies(database) {
    assert.equal(database.unreliable, undefined);
  },
  async permissions(database) {
    assert.equal(database.restricted, undefined);
  },
};

const NOBODY = { service: 'nobody', environment: 'nowhere', tenant: '' };

/** A store whose tables exist. */
export async function initialisedStore(database: AuditDatabase): Promise<AuditStore> {
  const store = await database.store();
  await patiently(() => store.initialise());
  return store;
}

/** Runs some work with the sessions of two instances, and closes them. */
export async function withSessions(
  database: AuditDatabase,
  work: (first: AuditSession, second: AuditSession) => Promise<void>,
): Promise<void> {
  const first = await (await initialisedStore(database)).openSession();
  const second = await (await initialisedStore(database)).openSession();
  try {
    await work(first, second);
  } finally {
    await first.close();
    await second.close();
  }
}

/** The request must be refused with one of the codes. */
export async function refused(request: () => Promise<unknown>, ...codes: ErrorCode[]): Promise<void> {
  assertCode(await failureOf(patiently(request)), ...codes);
}

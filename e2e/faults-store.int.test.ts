import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { DATABASE_SYSTEMS } from './harness/databases/all.js';
import type { DatabaseServer } from './harness/databases/database.js';
import { casesOn, HoldingService, outcomeOf, type Strategy } from './harness/holding-service.js';

const ALL_APPLIED = ['first', 'second', 'third'];
/** Longer than a restart takes: a holder whose renewals fail meanwhile is still the holder. */
const LONG_LEASE = { leaseMs: 10_000 };

/** In milliseconds. */
const PATIENCE = 90_000;

/** What the next start comes to, and leaves, where the second change had committed, was rolled back, or knows neither. */
const COMMITTED = { then: { outcome: 'applied', applied: ['third'] }, effects: ALL_APPLIED };
const ROLLED_BACK = { then: { outcome: 'applied', applied: ['second', 'third'] }, effects: ALL_APPLIED };
const UNPROVEN = {
  strategy: 'NON_TX',
  then: { outcome: 'FLG_ISSUE_OPEN' },
  effects: ['first', 'second'],
  ledger: ['first APPLIED none', 'second FAILED none'],
} as const;

const SHARED = {
  strategy: 'TX_SHARED',
  ledger: ['first APPLIED transaction', 'second APPLIED transaction', 'third APPLIED transaction'],
} as const;
const SEPARATE = {
  strategy: 'TX_SEPARATE',
  ...COMMITTED,
  ledger: ['first APPLIED transaction', 'second APPLIED fence', 'third APPLIED transaction'],
} as const;

const CRASHED = [{ ...SHARED, ...ROLLED_BACK }, SEPARATE, UNPROVEN] as const;

/** Where a server that is read-only lets an open transaction write that began before. */
const READ_ONLY = [{ ...SHARED, ...COMMITTED }, SEPARATE, UNPROVEN];

/**
 * How a holder, and then a start, learn of it. The driver of MongoDB looks for a primary for longer than a lease lasts, and takes
 * a member that is none for a server that is not there: it does not even connect, so that nothing starts. One that steps
 * down ends the transactions.
 */
const LEARNS = {
  PostgreSQL: {
    crashed: 'FLG_STORE_WRITE',
    readOnly: 'FLG_STORE_PERMISSION',
    starts: 'FLG_STORE_PERMISSION',
  },
  MariaDB: { crashed: 'FLG_STORE_WRITE', readOnly: 'FLG_STORE_PERMISSION', starts: 'FLG_STORE_PERMISSION' },
  MongoDB: { crashed: 'FLG_LOCK_LOST', readOnly: 'FLG_LOCK_LOST', starts: undefined },
};

for (const system of DATABASE_SYSTEMS) {
  const describeWithServer = await describeWith(system.ownService);
  const learns = LEARNS[system.name];
  // Its server takes long to start: fewer cases, one at a time, and none that restarts it within a lease.
  const slow = system.name === 'MongoDB';
  const each = slow ? it : it.concurrent;

  describeWithServer(`An audit store on ${system.name} that fails in the middle of a change`, () => {
    /** Has the databases of the targets, and stays as it is. */
    let steady: DatabaseServer;
    beforeAll(async () => {
      steady = await system.start({ longChanges: true });
    });
    afterAll(() => steady.stop());

    /** Has a service whose second change holds, and whose ledger is on a server of its own. */
    async function withStore(
      strategy: Strategy,
      use: (service: HoldingService, store: DatabaseServer) => Promise<void>,
    ): Promise<void> {
      const store = await system.start({ exclusive: true });
      try {
        const service = await HoldingService.open(store, strategy, steady);
        try {
          await use(service, store);
        } finally {
          await service.close();
        }
      } finally {
        await store.stop();
      }
    }

    each.each(slow ? [CRASHED[0], SEPARATE] : casesOn(system, CRASHED))(
      '$strategy: it crashes before the outcome is written: the holder and a waiter fail with their codes, nothing happens twice',
      ({ strategy, then, effects, ledger }) =>
        withStore(strategy, async (service, store) => {
          const holder = service.start('inside');
          await holder.line(/^holding$/);
          const waiter = service.start();
          await waiter.line(/^waiting$/);
          await store.kill();
          await service.go();
          await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: learns.crashed });
          await expect(outcomeOf(waiter)).resolves.toMatchObject({ outcome: 'FLG_STORE_UNREACHABLE' });

          await store.restart();
          await expect(outcomeOf(service.start())).resolves.toMatchObject(then);
          await expect(service.effects()).resolves.toEqual(effects);
          await expect(service.ledger()).resolves.toEqual(ledger);
        }),
      PATIENCE,
    );

    each.each(slow ? [SEPARATE] : casesOn(system, READ_ONLY))(
      '$strategy: it turns read-only: the outcome is refused with a code, the next start finds it out, nothing happens twice',
      ({ strategy, then, effects, ledger }) =>
        withStore(strategy, async (service, store) => {
          const holder = service.start('inside', { leaseMs: 6000 });
          await holder.line(/^holding$/);
          await store.setReadOnly(true);
          await service.go();
          await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: learns.readOnly });
          if (learns.starts !== undefined)
            await expect(outcomeOf(service.start())).resolves.toMatchObject({ outcome: learns.starts });

          await store.setReadOnly(false);
          await expect(outcomeOf(service.start())).resolves.toMatchObject(then);
          await expect(service.effects()).resolves.toEqual(effects);
          await expect(service.ledger()).resolves.toEqual(ledger);
        }),
      PATIENCE,
    );

    if (slow) return;

    it.concurrent.each([
      { strategy: 'TX_SEPARATE', proof: 'transaction' },
      { strategy: 'NON_TX', proof: 'none' },
    ] as const)(
      '$strategy: it is restarted: the change is recorded on a new connection, and the run goes on',
      ({ strategy, proof }) =>
        withStore(strategy, async (service, store) => {
          const holder = service.start('inside', LONG_LEASE);
          await holder.line(/^holding$/);
          await store.restart();
          await service.go();
          await expect(outcomeOf(holder)).resolves.toMatchObject({
            outcome: 'applied',
            applied: ALL_APPLIED,
          });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
          await expect(service.ledger()).resolves.toEqual(ALL_APPLIED.map((id) => `${id} APPLIED ${proof}`));
        }),
      PATIENCE,
    );

    if (system.transactions.includes('TX_SHARED'))
      it.concurrent(
        'TX_SHARED: it is restarted: the change has failed with its transaction, and the next start applies it',
        () =>
          withStore('TX_SHARED', async (service, store) => {
            const holder = service.start('inside', LONG_LEASE);
            await holder.line(/^holding$/);
            await store.restart();
            await service.go();
            await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'FLG_CHANGE_FAILED' });
            await expect(outcomeOf(service.start())).resolves.toMatchObject({ applied: ['second', 'third'] });
            await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
            await expect(service.ledger()).resolves.toEqual([
              'first APPLIED transaction',
              'second FAILED transaction',
              'second APPLIED transaction',
              'third APPLIED transaction',
            ]);
          }),
        60_000,
      );

    it.concurrent(
      'TX_SEPARATE: it is restarted, and the change goes on for longer than the lease: the holder keeps the lock',
      () =>
        withStore('TX_SEPARATE', async (service, store) => {
          const holder = service.start('inside', LONG_LEASE);
          await holder.line(/^holding$/);
          await store.restart();
          const waiter = service.start('never', LONG_LEASE);
          await waiter.line(/^waiting$/);
          // More than the lease, at three renewals for each.
          await service.untilRenewed(4);
          await service.go();
          await expect(outcomeOf(holder)).resolves.toMatchObject({
            outcome: 'applied',
            applied: ALL_APPLIED,
          });
          await expect(outcomeOf(waiter)).resolves.toMatchObject({ outcome: 'waited', applied: [] });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
        }),
      PATIENCE,
    );
  });
}

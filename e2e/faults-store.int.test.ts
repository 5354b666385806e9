import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { ownPostgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { HoldingService, outcomeOf, type Strategy } from './harness/holding-service.js';

const ALL_APPLIED = ['first', 'second', 'third'];
/** Longer than a restart takes: a holder whose renewals fail meanwhile is still the holder. */
const LONG_LEASE = { leaseMs: 10_000 };

const describeWithPostgres = await describeWith(ownPostgres);

describeWithPostgres('An audit store on PostgreSQL that fails in the middle of a change', () => {
  /** Has the databases of the targets, and stays as it is. */
  let steady: Postgres;
  beforeAll(async () => {
    steady = await startPostgres();
  });
  afterAll(() => steady.stop());

  /** Has a service whose second change holds, and whose ledger is on a server of its own. */
  async function withStore(
    strategy: Strategy,
    use: (service: HoldingService, store: Postgres) => Promise<void>,
  ): Promise<void> {
    const store = await startPostgres({ exclusive: true });
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

  it.concurrent.each([
    {
      strategy: 'TX_SHARED',
      then: { outcome: 'applied', applied: ['second', 'third'] },
      effects: ALL_APPLIED,
      ledger: ['first APPLIED transaction', 'second APPLIED transaction', 'third APPLIED transaction'],
    },
    {
      strategy: 'TX_SEPARATE',
      then: { outcome: 'applied', applied: ['third'] },
      effects: ALL_APPLIED,
      ledger: ['first APPLIED transaction', 'second APPLIED fence', 'third APPLIED transaction'],
    },
    {
      strategy: 'NON_TX',
      then: { outcome: 'FLG_ISSUE_OPEN' },
      effects: ['first', 'second'],
      ledger: ['first APPLIED none', 'second FAILED none'],
    },
  ] as const)(
    '$strategy: it crashes before the outcome is written: the holder and a waiter fail with their codes, nothing happens twice',
    ({ strategy, then, effects, ledger }) =>
      withStore(strategy, async (service, store) => {
        const holder = service.start('inside');
        await holder.line(/^holding$/);
        const waiter = service.start();
        await waiter.line(/^waiting$/);
        await store.kill();
        await service.go();
        await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'FLG_STORE_WRITE' });
        await expect(outcomeOf(waiter)).resolves.toMatchObject({ outcome: 'FLG_STORE_UNREACHABLE' });

        await store.restart();
        await expect(outcomeOf(service.start())).resolves.toMatchObject(then);
        await expect(service.effects()).resolves.toEqual(effects);
        await expect(service.ledger()).resolves.toEqual(ledger);
      }),
    60_000,
  );

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
        await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'applied', applied: ALL_APPLIED });
        await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
        await expect(service.ledger()).resolves.toEqual(ALL_APPLIED.map((id) => `${id} APPLIED ${proof}`));
      }),
    60_000,
  );

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
        // More than the lease, at three renewals for each.
        await service.untilRenewed(4);
        await service.go();
        await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'applied', applied: ALL_APPLIED });
        await expect(outcomeOf(waiter)).resolves.toMatchObject({ outcome: 'waited', applied: [] });
        await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
      }),
    60_000,
  );

  it.concurrent.each([
    {
      strategy: 'TX_SHARED',
      // Its transaction may still write: it began before.
      then: { outcome: 'applied', applied: ['third'] },
      effects: ALL_APPLIED,
      ledger: ['first APPLIED transaction', 'second APPLIED transaction', 'third APPLIED transaction'],
    },
    {
      strategy: 'TX_SEPARATE',
      then: { outcome: 'applied', applied: ['third'] },
      effects: ALL_APPLIED,
      ledger: ['first APPLIED transaction', 'second APPLIED fence', 'third APPLIED transaction'],
    },
    {
      strategy: 'NON_TX',
      then: { outcome: 'FLG_ISSUE_OPEN' },
      effects: ['first', 'second'],
      ledger: ['first APPLIED none', 'second FAILED none'],
    },
  ] as const)(
    '$strategy: it turns read-only: the outcome is refused with a code, the next start finds it out, nothing happens twice',
    ({ strategy, then, effects, ledger }) =>
      withStore(strategy, async (service, store) => {
        const holder = service.start('inside', { leaseMs: 6000 });
        await holder.line(/^holding$/);
        await store.set('default_transaction_read_only', 'on');
        await service.go();
        await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'FLG_STORE_PERMISSION' });
        await expect(outcomeOf(service.start())).resolves.toMatchObject({ outcome: 'FLG_STORE_PERMISSION' });

        await store.set('default_transaction_read_only', 'off');
        await expect(outcomeOf(service.start())).resolves.toMatchObject(then);
        await expect(service.effects()).resolves.toEqual(effects);
        await expect(service.ledger()).resolves.toEqual(ledger);
      }),
    60_000,
  );
});

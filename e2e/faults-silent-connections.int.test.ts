import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { startTcpProxy, type TcpProxy } from '../tools/services/tcp-proxy.mjs';
import { DATABASE_SYSTEMS } from './harness/databases/all.js';
import type { DatabaseServer } from './harness/databases/database.js';
import { HoldingService, outcomeOf, type Strategy } from './harness/holding-service.js';

const ALL_APPLIED = ['first', 'second', 'third'];

/**
 * What becomes of a change whose deadline ends it while its connection is silent. The end of a connection ends its transaction,
 * but not on MongoDB: there the next start asks the fence.
 */
const CUT_OFF = {
  PostgreSQL: { outcome: 'FLG_CHANGE_FAILED', proof: 'transaction' },
  MariaDB: { outcome: 'FLG_CHANGE_FAILED', proof: 'transaction' },
  MongoDB: { outcome: 'FLG_TARGET_UNREACHABLE', proof: 'fence' },
};

for (const system of DATABASE_SYSTEMS) {
  const describeWithServer = await describeWith(system.service);
  const { outcome, proof } = CUT_OFF[system.name];

  describeWithServer(`A connection to ${system.name} that goes silent, and that nobody closes`, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await system.start();
    });
    afterAll(() => server.stop());

    /** Has a service, one of whose processes reaches one of its databases by way of a proxy. */
    async function withProxy(
      strategy: Strategy,
      database: 'audit' | 'orders',
      use: (service: HoldingService, proxy: TcpProxy) => Promise<void>,
    ): Promise<void> {
      const service = await HoldingService.open(server, strategy);
      const proxy = await startTcpProxy(server.forProxy(service.urls[database]));
      try {
        await use(service, proxy);
      } finally {
        await service.close();
        await proxy.close();
      }
    }

    it.concurrent.each(system.transactions)(
      'with %s, the holder’s to the store: its change is rolled back, it says that it lost the lock, and another goes on',
      (strategy) =>
        withProxy(strategy, 'audit', async (service, proxy) => {
          const holder = service.start('inside', { environment: { AUDIT_URL: proxy.url } });
          await holder.line(/^holding$/);
          await proxy.setMode('silent');
          await expect(outcomeOf(service.start())).resolves.toMatchObject({
            outcome: 'applied',
            applied: ['second', 'third'],
          });
          await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'FLG_LOCK_LOST' });
          await holder.exited;
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            ...(strategy === 'TX_SEPARATE' ? ['second FAILED fence'] : []),
            'second APPLIED transaction',
            'third APPLIED transaction',
          ]);
        }),
      60_000,
    );

    it.concurrent(
      'without a transaction, the holder’s to the store: what it did is asked about, and not done again',
      () =>
        withProxy('NON_TX', 'audit', async (service, proxy) => {
          const holder = service.start('inside', { environment: { AUDIT_URL: proxy.url } });
          await holder.line(/^holding$/);
          await proxy.setMode('silent');
          await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'FLG_LOCK_LOST' });
          await expect(outcomeOf(service.start())).resolves.toMatchObject({ outcome: 'FLG_ISSUE_OPEN' });
          await expect(service.effects()).resolves.toEqual(['first', 'second']);
          await expect(service.ledger()).resolves.toEqual(['first APPLIED none', 'second FAILED none']);
        }),
      60_000,
    );

    it.concurrent(
      'to the target, in the middle of a transaction: its deadline ends the start, and the next one applies the change',
      () =>
        withProxy('TX_SEPARATE', 'orders', async (service, proxy) => {
          const cutOff = service.start('inside', {
            deadlineMs: 4000,
            waitMs: 1500,
            environment: { ORDERS_URL: proxy.url },
          });
          await cutOff.line(/^holding$/);
          await proxy.setMode('silent');
          await service.go();
          await expect(outcomeOf(cutOff)).resolves.toMatchObject({ outcome });
          await expect(outcomeOf(service.start())).resolves.toMatchObject({ applied: ['second', 'third'] });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            `second FAILED ${proof}`,
            'second APPLIED transaction',
            'third APPLIED transaction',
          ]);
        }),
      60_000,
    );

    it.concurrent(
      'to the target, before its commit arrives: the start fails, and the next one finds that nothing was committed',
      () =>
        withProxy('TX_SEPARATE', 'orders', async (service, proxy) => {
          const cutOff = service.start('at-end', { waitMs: 1500, environment: { ORDERS_URL: proxy.url } });
          await cutOff.line(/^holding$/);
          await proxy.setMode('silent');
          await service.go();
          await expect(outcomeOf(cutOff)).resolves.toMatchObject({ outcome: 'FLG_TARGET_UNREACHABLE' });
          await expect(outcomeOf(service.start())).resolves.toMatchObject({ applied: ['second', 'third'] });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            'second FAILED fence',
            'second APPLIED transaction',
            'third APPLIED transaction',
          ]);
        }),
      60_000,
    );

    it.concurrent(
      'to the target, after its commit: the start fails, and the next one finds that it was committed',
      () =>
        withProxy('TX_SEPARATE', 'orders', async (service, proxy) => {
          const cutOff = service.start('at-end', { waitMs: 1500, environment: { ORDERS_URL: proxy.url } });
          await cutOff.line(/^holding$/);
          await proxy.setMode('lose-commit');
          await service.go();
          await expect(outcomeOf(cutOff)).resolves.toMatchObject({ outcome: 'FLG_TARGET_UNREACHABLE' });
          await expect(service.effects()).resolves.toEqual(['first', 'second']);
          await expect(outcomeOf(service.start())).resolves.toMatchObject({ applied: ['third'] });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            'second APPLIED fence',
            'third APPLIED transaction',
          ]);
        }),
      60_000,
    );

    it.concurrent(
      'to the target, after its commit, for a while: the same start learns of it on a new connection, and goes on',
      () =>
        withProxy('TX_SEPARATE', 'orders', async (service, proxy) => {
          const cutOff = service.start('at-end', { waitMs: 5000, environment: { ORDERS_URL: proxy.url } });
          await cutOff.line(/^holding$/);
          await proxy.setMode('lose-commit');
          await service.go();
          await service.untilCommitted('second');
          await proxy.setMode('normal');
          await expect(outcomeOf(cutOff)).resolves.toMatchObject({
            outcome: 'applied',
            applied: ALL_APPLIED,
          });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            'second APPLIED fence',
            'third APPLIED transaction',
          ]);
        }),
      60_000,
    );

    it.concurrent(
      'a waiter’s to the store: it fails and says so, and the holder does not notice',
      () =>
        withProxy('NON_TX', 'audit', async (service, proxy) => {
          const holder = service.start('inside');
          await holder.line(/^holding$/);
          const waiter = service.start('never', { environment: { AUDIT_URL: proxy.url } });
          await waiter.line(/^waiting$/);
          await proxy.setMode('silent');
          await expect(outcomeOf(waiter)).resolves.toMatchObject({ outcome: 'FLG_STORE_UNREACHABLE' });
          await service.go();
          await expect(outcomeOf(holder)).resolves.toMatchObject({ applied: ALL_APPLIED });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
        }),
      60_000,
    );
  });
}

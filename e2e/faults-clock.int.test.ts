import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { createFakeClock, libfaketime, type FakeClock } from '../tools/services/libfaketime.mjs';
import { DATABASE_SYSTEMS } from './harness/databases/all.js';
import type { DatabaseServer } from './harness/databases/database.js';
import { casesOn, HoldingService, outcomeOf, type Strategy } from './harness/holding-service.js';

const HOUR = 3_600_000;
const LEASE = { leaseMs: 3000 };
const ALL_APPLIED = ['first', 'second', 'third'];

/** Where both clocks of the holder stand still, and what the next start then comes to. */
const FROZEN = [
  { strategy: 'TX_SHARED', holds: 'inside', then: { outcome: 'applied', applied: ['second', 'third'] } },
  { strategy: 'TX_SEPARATE', holds: 'inside', then: { outcome: 'applied', applied: ['second', 'third'] } },
  { strategy: 'TX_SEPARATE', holds: 'before-entry', then: { outcome: 'applied', applied: ['third'] } },
  { strategy: 'NON_TX', holds: 'inside', then: { outcome: 'FLG_ISSUE_OPEN' } },
] as const;

for (const system of DATABASE_SYSTEMS) {
  const describeWithServers = await describeWith(system.service, libfaketime);

  describeWithServers(`An instance whose clock is wrong on ${system.name}`, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await system.start();
    });
    afterAll(() => server.stop());

    /** Has a service, and a clock for some of its processes; then looks at every time in the ledger. */
    async function withClock(
      strategy: Strategy,
      clocks: 'wall' | 'all',
      use: (service: HoldingService, clock: FakeClock) => Promise<void>,
    ): Promise<void> {
      const service = await HoldingService.open(server, strategy);
      try {
        const began = await service.storeTime();
        await use(service, await createFakeClock(service.path('clock'), { clocks }));
        const [times, now] = [await service.times(), await service.storeTime()];
        // Durations are the process's own, and may differ a little from the store's.
        const slack = 1000;
        expect(times.filter((time) => time < began - slack || time > now + slack)).toEqual([]);
        expect(times.length).toBeGreaterThan(0);
      } finally {
        await service.close();
      }
    }

    it.concurrent.each([
      ['an hour ahead', HOUR],
      ['an hour behind', -HOUR],
    ])(
      '%s: waits for the holder, and does not take over while that renews its lease',
      (_, offsetMs) =>
        withClock('NON_TX', 'wall', async (service, clock) => {
          await clock.move(offsetMs);
          const holder = service.start('inside', LEASE);
          await holder.line(/^holding$/);
          const wrong = service.start('never', { ...LEASE, environment: clock.environment });
          await wrong.line(/^waiting$/);
          await service.untilRenewed(2);
          await service.go();
          await expect(outcomeOf(holder)).resolves.toMatchObject({
            outcome: 'applied',
            applied: ALL_APPLIED,
          });
          await expect(outcomeOf(wrong)).resolves.toMatchObject({ outcome: 'waited' });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
        }),
      60_000,
    );

    it.concurrent.each([
      ['an hour ahead', HOUR],
      ['an hour behind', -HOUR],
    ])(
      '%s: holds the lock for as long as everybody, and is followed when it is dead',
      (_, offsetMs) =>
        withClock('TX_SEPARATE', 'wall', async (service, clock) => {
          await clock.move(offsetMs);
          const wrong = service.start('inside', { ...LEASE, environment: clock.environment });
          await wrong.line(/^holding$/);
          await service.untilRenewed(1);
          const leftMs = await service.leaseLeft();
          expect(leftMs).toBeGreaterThan(0);
          expect(leftMs).toBeLessThanOrEqual(LEASE.leaseMs);
          await wrong.stop('SIGKILL');
          await expect(outcomeOf(service.start('never', LEASE))).resolves.toMatchObject({
            applied: ['second', 'third'],
            tookOverFrom: expect.stringMatching(/./),
          });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
        }),
      60_000,
    );

    it.concurrent.each([
      ['jumps an hour ahead', HOUR],
      ['jumps an hour back', -HOUR],
    ])(
      'that %s during a change: keeps the lock, and goes on, while another one waits',
      (_, offsetMs) =>
        withClock('NON_TX', 'wall', async (service, clock) => {
          const jumps = service.start('inside', { ...LEASE, environment: clock.environment });
          await jumps.line(/^holding$/);
          const other = service.start('never', LEASE);
          await other.line(/^waiting$/);
          await clock.move(offsetMs);
          await service.untilRenewed(2);
          await service.go();
          await expect(outcomeOf(jumps)).resolves.toMatchObject({ outcome: 'applied', applied: ALL_APPLIED });
          await expect(outcomeOf(other)).resolves.toMatchObject({ outcome: 'waited' });
          await expect(service.effects()).resolves.toEqual(ALL_APPLIED);
        }),
      60_000,
    );

    it.concurrent.each(casesOn(system, FROZEN))(
      'with $strategy, whose clocks both stood still while its machine did ($holds): writes nothing when it wakes',
      ({ strategy, holds, then }) =>
        withClock(strategy, 'all', async (service, clock) => {
          const frozen = service.start(holds, { ...LEASE, environment: clock.environment });
          await frozen.line(/^holding$/);
          frozen.signal('SIGSTOP');
          const stopped = performance.now();
          await expect(outcomeOf(service.start('never', LEASE))).resolves.toMatchObject(then);
          const [ledger, effects] = [await service.ledger(), await service.effects()];

          await service.go();
          // Its own deadline has not come: that it is not the holder any more only the store can tell.
          await clock.move(stopped - performance.now());
          frozen.signal('SIGCONT');
          await expect(outcomeOf(frozen)).resolves.toMatchObject({
            outcome: 'FLG_LOCK_LOST',
            message: expect.not.stringContaining('no renewal was confirmed'),
          });
          await frozen.exited;
          await expect(service.ledger()).resolves.toEqual(ledger);
          await expect(service.effects()).resolves.toEqual(effects);
          expect(effects).toEqual(strategy === 'NON_TX' ? ['first', 'second'] : ALL_APPLIED);
        }),
      60_000,
    );
  });
}

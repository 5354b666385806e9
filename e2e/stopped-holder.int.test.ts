import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { DATABASE_SYSTEMS } from './harness/databases/all.js';
import type { DatabaseServer, DatabaseSystem } from './harness/databases/database.js';
import { casesOn, HoldingService, outcomeOf, type Hold, type Strategy } from './harness/holding-service.js';

/** Where the holder is stopped, and what the others find of its second change. */
interface Moment {
  readonly strategy: Strategy;
  readonly holds: Hold;
  readonly left: readonly string[];
  readonly applied: readonly string[];
  readonly second: readonly string[];
}

const ROLLED_BACK = { left: ['first'], applied: ['second', 'third'] };

const MOMENTS: readonly Moment[] = [
  { strategy: 'TX_SHARED', holds: 'inside', ...ROLLED_BACK, second: ['second APPLIED transaction'] },
  { strategy: 'TX_SHARED', holds: 'rows', ...ROLLED_BACK, second: ['second APPLIED transaction'] },
  { strategy: 'TX_SEPARATE', holds: 'before-start', ...ROLLED_BACK, second: ['second APPLIED transaction'] },
  ...(['inside', 'rows'] as const).map((holds) => ({
    strategy: 'TX_SEPARATE' as const,
    holds,
    ...ROLLED_BACK,
    second: ['second FAILED fence', 'second APPLIED transaction'],
  })),
  {
    strategy: 'TX_SEPARATE',
    holds: 'before-entry',
    left: ['first', 'second'],
    applied: ['third'],
    second: ['second APPLIED fence'],
  },
];

function momentsOn(system: DatabaseSystem): readonly Moment[] {
  return casesOn(system, MOMENTS).filter(({ holds }) => holds !== 'rows' || system.sendsRows);
}

for (const system of DATABASE_SYSTEMS) {
  const describeWithServer = await describeWith(system.service);

  describeWithServer(`A holder that is stopped during a change on ${system.name}`, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await system.start();
    });
    afterAll(() => server.stop());

    it.concurrent.each(momentsOn(system))(
      'with $strategy, $holds: the others go on after the lease, and it writes nothing more',
      async ({ strategy, holds, left, applied, second }) => {
        const service = await HoldingService.open(server, strategy);
        try {
          const stopped = service.start(holds);
          await stopped.line(/^holding$/);
          if (holds === 'rows') await service.untilRows('flow');
          stopped.signal('SIGSTOP');
          if (holds === 'rows') await service.untilRows('are stuck');
          await expect(service.effects()).resolves.toEqual(left);

          const others = await Promise.all([service.start(), service.start()].map(outcomeOf));
          expect(others.map(({ message }) => message)).toEqual(['', '']);
          expect(others.flatMap((other) => other.applied)).toEqual(applied);
          await expect(service.effects()).resolves.toEqual(['first', 'second', 'third']);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            ...second,
            'third APPLIED transaction',
          ]);

          const before = await service.dump();
          await service.go();
          stopped.signal('SIGCONT');
          await expect(outcomeOf(stopped)).resolves.toMatchObject({ outcome: 'FLG_LOCK_LOST' });
          await stopped.exited;
          await expect(service.dump()).resolves.toEqual(before);
        } finally {
          await service.close();
        }
      },
      60_000,
    );
  });
}

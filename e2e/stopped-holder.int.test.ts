import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { HoldingService, outcomeOf } from './harness/holding-service.js';

/** Where the holder holds when it is stopped, and what the server then has a connection of its do. */
const MOMENTS = {
  idle: { holds: 'inside', begun: `state = 'idle in transaction'`, stuck: `state = 'idle in transaction'` },
  'in the middle of receiving rows': {
    holds: 'rows',
    begun: `state = 'active' AND query LIKE '%generate_series%'`,
    stuck: `wait_event = 'ClientWrite'`,
  },
} as const;

const CASES = (['TX_SHARED', 'TX_SEPARATE'] as const).flatMap((strategy) =>
  (['idle', 'in the middle of receiving rows'] as const).map((moment) => [strategy, moment] as const),
);

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('A holder that is stopped inside its open transaction on PostgreSQL', () => {
  let server: Postgres;
  let service: HoldingService | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  afterEach(() => service?.close());

  it.each(CASES)(
    'with %s, %s: the others go on after the lease, and it writes nothing more',
    async (strategy, moment) => {
      const opened = await HoldingService.open(server, strategy);
      service = opened;
      const { holds, begun, stuck } = MOMENTS[moment];
      const stopped = opened.start(holds);
      await stopped.line(/^holding$/);
      await opened.untilServerHas(begun);
      stopped.signal('SIGSTOP');
      await opened.untilServerHas(stuck);
      await expect(opened.effects()).resolves.toEqual(['first']);

      const others = await Promise.all([opened.start(), opened.start()].map(outcomeOf));
      expect(others.map(({ message }) => message)).toEqual(['', '']);
      expect(others.flatMap(({ applied }) => applied)).toEqual(['second', 'third']);
      await expect(opened.effects()).resolves.toEqual(['first', 'second', 'third']);
      await expect(opened.ledger()).resolves.toEqual([
        'first APPLIED transaction',
        ...(strategy === 'TX_SEPARATE' ? ['second FAILED fence'] : []),
        'second APPLIED transaction',
        'third APPLIED transaction',
      ]);

      const before = await opened.dump();
      await opened.go();
      stopped.signal('SIGCONT');
      await expect(outcomeOf(stopped)).resolves.toMatchObject({ outcome: 'FLG_LOCK_LOST' });
      await stopped.exited;
      await expect(opened.dump()).resolves.toEqual(before);
    },
    60_000,
  );
});

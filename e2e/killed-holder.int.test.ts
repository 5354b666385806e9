import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { DATABASE_SYSTEMS } from './harness/databases/all.js';
import type { DatabaseServer } from './harness/databases/database.js';
import { casesOn, HoldingService, outcomeOf } from './harness/holding-service.js';

const CASES = [
  {
    what: 'between its commit and its ledger entry: it is proven by the fence, and does not run again',
    strategy: 'TX_SEPARATE',
    holds: 'before-entry',
    left: ['first', 'second'],
    applied: ['third'],
    second: ['second APPLIED fence'],
  },
  {
    what: 'before its commit: nothing of it is left, and the next start applies it',
    strategy: 'TX_SEPARATE',
    holds: 'inside',
    left: ['first'],
    applied: ['second', 'third'],
    second: ['second FAILED fence', 'second APPLIED transaction'],
  },
  {
    what: 'before the commit that it shares with the ledger: it has not begun, and the next start applies it',
    strategy: 'TX_SHARED',
    holds: 'inside',
    left: ['first'],
    applied: ['second', 'third'],
    second: ['second APPLIED transaction'],
  },
] as const;

for (const system of DATABASE_SYSTEMS) {
  const describeWithServer = await describeWith(system.service);

  describeWithServer(`A process that is killed during a change in a transaction on ${system.name}`, () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await system.start();
    });
    afterAll(() => server.stop());

    it.concurrent.each(casesOn(system, CASES))(
      '$what',
      async ({ strategy, holds, left, applied, second }) => {
        const service = await HoldingService.open(server, strategy);
        try {
          const killed = service.start(holds);
          await killed.line(/^holding$/);
          await expect(killed.stop('SIGKILL')).resolves.toEqual({ code: null, signal: 'SIGKILL' });
          await expect(service.effects()).resolves.toEqual(left);
          await expect(service.ledger()).resolves.toEqual(['first APPLIED transaction']);

          await expect(outcomeOf(service.start())).resolves.toMatchObject({ outcome: 'applied', applied });
          await expect(service.effects()).resolves.toEqual(['first', 'second', 'third']);
          await expect(service.ledger()).resolves.toEqual([
            'first APPLIED transaction',
            ...second,
            'third APPLIED transaction',
          ]);
        } finally {
          await service.close();
        }
      },
      60_000,
    );
  });
}

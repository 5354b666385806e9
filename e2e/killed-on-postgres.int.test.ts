import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { HoldingService, outcomeOf } from './harness/holding-service.js';

const KILLED = { code: null, signal: 'SIGKILL' };

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres(
  'A process that is killed during a change in a transaction of another PostgreSQL database',
  () => {
    let server: Postgres;
    let service: HoldingService;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    beforeEach(async () => {
      service = await HoldingService.open(server, 'TX_SEPARATE');
    });
    afterEach(() => service.close());

    it('is proven by the fence between its commit and its ledger entry, and does not run again', async () => {
      const killed = service.start('before-entry');
      await killed.line(/^holding$/);
      await expect(killed.stop('SIGKILL')).resolves.toEqual(KILLED);
      await expect(service.effects()).resolves.toEqual(['first', 'second']);
      await expect(service.ledger()).resolves.toEqual(['first APPLIED transaction']);

      await expect(outcomeOf(service.start())).resolves.toMatchObject({
        outcome: 'applied',
        applied: ['third'],
      });
      await expect(service.effects()).resolves.toEqual(['first', 'second', 'third']);
      await expect(service.ledger()).resolves.toEqual([
        'first APPLIED transaction',
        'second APPLIED fence',
        'third APPLIED transaction',
      ]);
    });

    it('leaves nothing of it before the commit, and the next start applies it', async () => {
      const killed = service.start('inside');
      await killed.line(/^holding$/);
      await expect(killed.stop('SIGKILL')).resolves.toEqual(KILLED);
      await expect(service.effects()).resolves.toEqual(['first']);

      await expect(outcomeOf(service.start())).resolves.toMatchObject({
        outcome: 'applied',
        applied: ['second', 'third'],
      });
      await expect(service.effects()).resolves.toEqual(['first', 'second', 'third']);
      await expect(service.ledger()).resolves.toEqual([
        'first APPLIED transaction',
        'second FAILED fence',
        'second APPLIED transaction',
        'third APPLIED transaction',
      ]);
    });
  },
);

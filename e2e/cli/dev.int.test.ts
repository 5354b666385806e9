import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { DOWN, ENTER } from './command-line.js';
import { DevelopmentProject } from './development-project.js';
import { problemsOf } from './schemas.js';

const LONG = 60_000;
const PERSON = ['--actor', 'jane', '--reason', 'the database was dropped'];
const RESET = ['dev', 'reset', '--confirm', 'local', ...PERSON];

function describeDevelopment(on: string, open: () => Promise<DevelopmentProject>): void {
  describe(`Development on ${on}`, () => {
    let project: DevelopmentProject;
    beforeEach(async () => {
      project = await open();
    });
    afterEach(() => project.sandbox.close());

    test(
      'redo applies a change again after an edit, with those above it, once that is said to be meant',
      async () => {
        await project.run('apply');
        project.edit('_0002__AddTotal', 'DEFAULT 1', 'DEFAULT 7');

        const unsaid = await project.run('dev', 'redo', 'add-total');
        expect(unsaid.code).toBe(2);
        expect(unsaid.stderr).toMatch(
          /will undo _0003__AddCustomer at 'shop'[^]*will undo _0002__AddTotal at 'shop'[^]*undoes one change above it as well[^]*--yes/,
        );
        const redone = await project.json('dev', 'redo', 'add-total', '--yes', '--actor', 'jane');
        expect(problemsOf('dev-redo', redone)).toBeUndefined();
        expect(redone).toMatchObject({
          ok: true,
          undone: [{ id: 'add-customer' }, { id: 'add-total' }],
          applied: [{ id: 'add-total' }, { id: 'add-customer' }],
        });
        await project.query('INSERT INTO orders (id) VALUES (1) RETURNING id');
        expect(await project.query('SELECT total FROM orders')).toEqual([{ total: 7 }]);

        const { entries } = await project.json('audit', 'list', '--change', 'add-total', '--actor', 'jane');
        expect(entries).toEqual([
          expect.objectContaining({ kind: 'undo', state: 'STARTED' }),
          expect.objectContaining({ kind: 'undo', state: 'UNDONE', reason: 'add-total is redone' }),
        ]);
        expect(await project.run('status', '--check')).toMatchObject({ code: 0 });
        expect(await project.run('audit', 'verify')).toMatchObject({ code: 0 });
      },
      LONG,
    );

    test(
      'redo of the last change asks nothing; on a terminal it asks for what is above',
      async () => {
        await project.run('apply');
        expect(await project.run('dev', 'redo', 'add-customer')).toMatchObject({
          code: 0,
          stdout: 'undone _0003__AddCustomer (proof: transaction)\napplied _0003__AddCustomer\n',
        });
        const question = 'This undoes one change above it as well, and applies it again. Go on\\?';
        const redo = ['dev', 'redo', 'add-total'];
        const declined = await project.terminal(redo, [{ expect: question, send: `${DOWN}${ENTER}` }]);
        expect(declined.code).toBe(3);
        const meant = await project.terminal(redo, [{ expect: question, send: ENTER }]);
        expect(meant.code).toBe(0);
        expect(meant.screen).toContain('applied _0003__AddCustomer');
      },
      LONG,
    );

    test(
      'redo that fails is repeated after the next edit; one that cannot go back says how to begin anew',
      async () => {
        await project.run('apply');
        project.edit('_0002__AddTotal', 'ADD COLUMN', 'ADDD COLUMN');
        const failed = await project.run('dev', 'redo', 'add-total', '--yes');
        expect(failed.code).toBe(5);
        expect(failed.stderr).toContain('FLG_CHANGE_FAILED');
        project.edit('_0002__AddTotal', 'ADDD COLUMN', 'ADD COLUMN');
        expect(await project.run('dev', 'redo', 'add-total', '--yes')).toMatchObject({
          code: 0,
          stdout: 'applied _0002__AddTotal\napplied _0003__AddCustomer\n',
        });
        project.edit('_0003__AddCustomer', 'async rollback', 'async verify');
        const refused = await project.run('dev', 'redo', 'add-total', '--yes');
        expect(refused.code).toBe(2);
        expect(refused.stderr).toMatch(/FLG_UNDO_REFUSED: .*has no rollback[^]*flamingock dev reset/);
        const mistyped = await project.run('dev', 'redo', 'add-totals');
        expect(mistyped.stderr).toContain("Did you mean 'add-total'?");
      },
      LONG,
    );

    test(
      'reset begins a new epoch after the database was dropped, and not before',
      async () => {
        await project.run('apply');
        const kept = await project.run(...RESET);
        expect(kept.code).toBe(2);
        expect(kept.stderr).toMatch(/FLG_RESET_REFUSED: The fence of 'shop' still shows/);
        await project.drop('shop');
        // The ledger still says that all is applied.
        expect(await project.run('apply')).toMatchObject({ stdout: 'nothing to apply (3 applied)\n' });

        const unconfirmed = await project.run('dev', 'reset', ...PERSON);
        expect(unconfirmed.code).toBe(2);
        expect(unconfirmed.stderr).toContain('--confirm local');
        const reset = await project.json(...RESET);
        expect(problemsOf('dev-reset', reset)).toBeUndefined();
        expect(reset).toMatchObject({
          ok: true,
          applied: ['create-orders', 'add-total', 'add-customer'],
        });
        const status = await project.json('status');
        expect(problemsOf('status', status)).toBeUndefined();
        expect(status).toMatchObject({
          counts: { applied: 0, pending: 3 },
          epoch: { sequence: reset['sequence'], actor: 'jane', reason: 'the database was dropped' },
        });
        expect((await project.run('status')).stdout).toMatch(/^epoch +begun with entry \d+ at .* by jane: /m);
        expect((await project.run('apply')).stdout).toBe(
          'applied _0001__CreateOrders\napplied _0002__AddTotal\napplied _0003__AddCustomer\n',
        );
        expect(await project.query('SELECT total, customer FROM orders')).toEqual([]);
        expect(await project.run('audit', 'verify')).toMatchObject({ code: 0 });
        const { entries } = await project.json('audit', 'list', '--actor', 'jane');
        expect(entries).toEqual([
          expect.objectContaining({ kind: 'epoch', reason: 'the database was dropped' }),
        ]);
        expect((await project.json('target', 'list'))['targets']).toMatchObject([{ standing: 'in-order' }]);
      },
      LONG,
    );

    test(
      'where the ledger was dropped as well there is nothing to reset',
      async () => {
        await project.run('apply');
        await project.drop('shop');
        await project.drop('audit');
        expect(await project.run(...RESET)).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('nothing to reset'),
        });
        expect(await project.json(...RESET)).toMatchObject({ ok: true, sequence: null, applied: [] });
        expect((await project.run('apply')).stdout).toContain('applied _0001__CreateOrders');
      },
      LONG,
    );

    test(
      'an environment that is not disposable is refused before anything is asked',
      async () => {
        await project.run('apply', '-e', 'local');
        for (const command of [['redo', 'add-customer'], ['reset']]) {
          const refused = await project.run('dev', ...command, '-e', 'staging');
          expect(refused.code).toBe(2);
          expect(refused.stderr).toMatch(
            /FLG_NOT_DISPOSABLE: flamingock dev (redo|reset) .*'staging'[^]*disposable: true/,
          );
        }
      },
      LONG,
    );

    test(
      'a killed process leaves a lock of three seconds, and the next one is not in its way for longer',
      async () => {
        const killed = project.start({ INCIDENT: 'slow' }, 'apply');
        await killed.shows(/_0002__AddTotal .* applied/);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        killed.signal('SIGKILL');
        expect((await killed.finished).code).toBeNull();
        const { lock } = (await project.json('lock', 'show')) as {
          readonly lock: { readonly renewedAt: string; readonly expiresAt: string };
        };
        expect(Date.parse(lock.expiresAt) - Date.parse(lock.renewedAt)).toBe(3000);
        // With the lease of other environments it would be told after half a minute at the earliest.
        const next = await project.run('apply', '--wait', '--timeout', '20s');
        expect(next).toMatchObject({ code: 0, stdout: 'applied _0003__AddCustomer\n' });
        expect(await project.run('dev', 'redo', 'add-customer')).toMatchObject({ code: 0 });
      },
      LONG,
    );
  });
}

describeDevelopment('SQLite', () => DevelopmentProject.open(undefined));

const describeWithPostgres = await describeWith(postgres);
describeWithPostgres('With a server', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  describeDevelopment('PostgreSQL', () => DevelopmentProject.open(server));
});

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnDatabases } from './databases.js';
import { problemsOf } from './schemas.js';
import type { Systems } from './systems.js';

const LONG = 60_000;

await describeOnDatabases('plan, apply and status', (open) => {
  let systems: Systems;
  beforeEach(async () => {
    systems = await open();
  });
  afterEach(() => systems.sandbox.close());

  test(
    'show what is to do, do it up to a change, and then the rest',
    async () => {
      const { commandLine } = systems;
      const plan = await commandLine.run('plan');
      expect(plan).toMatchObject({ code: 0, stderr: '' });
      expect(plan.stdout).toMatch(/^apply\s+_0001__CreateOrders\s+orders-db\s+it never ran$/m);

      const first = await commandLine.run('apply', '--until', 'create-orders');
      expect(first).toMatchObject({ code: 0, stdout: 'applied _0001__CreateOrders\n' });
      expect(first.stderr).toMatch(/1 change applied in \d+ ms/);
      expect(systems.registered()).toEqual([]);

      const between = await commandLine.run('status', '--check');
      expect(between.code).toBe(4);
      expect(between.stdout).toMatch(/^✔ applied\s+_0001__CreateOrders/m);
      expect(between.stdout).toMatch(/^… pending\s+_0002__RegisterOrderEvent/m);
      expect(between.stdout).toMatch(/^next\s+flamingock apply -e production$/m);

      expect(await commandLine.run('apply')).toMatchObject({
        code: 0,
        stdout: 'applied _0002__RegisterOrderEvent\napplied _0003__AddTotals\n',
      });
      expect(systems.registered()).toEqual(['order-events-value']);
      expect(await commandLine.run('status', '--check')).toMatchObject({ code: 0 });
      expect(await commandLine.run('apply')).toMatchObject({
        code: 0,
        stdout: 'nothing to apply (3 applied)\n',
      });
    },
    LONG,
  );

  test(
    'refuse what is not there with what was probably meant, before anything is asked or done',
    async () => {
      const { commandLine } = systems;
      const refused = async (...parameters: readonly string[]): Promise<string> => {
        const { code, stdout, stderr } = await commandLine.run(...parameters);
        expect([code, stdout]).toEqual([2, '']);
        return stderr;
      };
      expect(await refused('apply', '--until', 'create-order')).toMatch(
        /The change 'create-order'[^]*Did you mean 'create-orders'\? Known: create-orders, /,
      );
      expect(await refused('undo', '--last')).toMatch(
        /FLG_UNDO_REFUSED: No change is applied; nothing was undone\.[^]*`flamingock status -e production`/,
      );
      expect(await refused('undo', '--down-to', 'create-orders')).toMatch(/'create-orders' is not applied/);
      await commandLine.run('apply', '--until', 'create-orders');
      expect(await refused('verify', 'create-order')).toMatch(/Did you mean 'create-orders'\?/);
    },
    LONG,
  );

  test(
    'answer as their schemas say',
    async () => {
      const { commandLine } = systems;
      expect(problemsOf('plan', await commandLine.json('plan'))).toBeUndefined();
      const { code, stdout } = await commandLine.run('apply', '--json');
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly type: string });
      expect(code).toBe(0);
      expect(problemsOf('apply', lines.at(-1))).toBeUndefined();
      for (const event of lines.slice(0, -1)) expect(problemsOf('apply-event', event)).toBeUndefined();
      expect(lines.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['run-started', 'change-applied', 'run-finished', 'result']),
      );
      const status = await commandLine.json('status');
      expect(problemsOf('status', status)).toBeUndefined();
      expect(status).toMatchObject({
        ok: true,
        declared: true,
        counts: { applied: 3, pending: 0 },
        next: [],
      });
    },
    LONG,
  );

  test(
    'tell of a change that failed without a proof, and end with 5',
    async () => {
      const broken = systems.commandLine.with({ INCIDENT: 'fails' });
      const failed = await broken.run('apply');
      expect(failed).toMatchObject({ code: 5, stdout: '' });
      expect(failed.stderr).toContain('FLG_ISSUE_OPEN');
      expect(failed.stderr).toContain('the connection to the registry was lost');

      const told = await broken.run('apply', '--json');
      const error: unknown = JSON.parse(told.stdout.trimEnd().split('\n').at(-1) ?? '');
      expect(problemsOf('error', error)).toBeUndefined();
      expect(error).toMatchObject({ ok: false, error: { code: 'FLG_ISSUE_OPEN' } });

      const status = await broken.run('status', '--check');
      expect(status.code).toBe(5);
      expect(status.stdout).toMatch(/^next\s+flamingock issue show register-order-event -e production$/m);
    },
    LONG,
  );

  test(
    'apply and three starting replicas at once: each effect once',
    async () => {
      // Long enough for each of the four processes to find another one at it.
      const incident = { INCIDENT: 'slow' };
      const replicas = Array.from({ length: 3 }, () => systems.startReplica(incident));
      const applied = await systems.commandLine.with(incident).run('apply', '--wait');
      expect(applied).toMatchObject({ code: 0 });
      for (const replica of replicas) {
        expect(await replica.exited).toEqual({ code: 0, signal: null });
        expect(replica.lines).toContain('ready');
      }
      expect(systems.registered()).toEqual(['order-events-value']);
      const { entries } = await systems.commandLine.json('audit', 'list', '--state', 'APPLIED');
      expect((entries as readonly { readonly changeId: string }[]).map(({ changeId }) => changeId)).toEqual([
        'create-orders',
        'register-order-event',
        'add-totals',
      ]);
    },
    LONG,
  );

  test(
    'a run that another instance is at ends with 7, and with --wait waits for it',
    async () => {
      const slow = systems.commandLine.with({ INCIDENT: 'slow' });
      const first = slow.start('apply');
      await first.shows(/_0001__CreateOrders .* applied/);
      const [refused, waited] = await Promise.all([
        systems.commandLine.run('apply'),
        systems.commandLine.run('apply', '--wait', '--timeout', '40s'),
      ]);
      expect(refused).toMatchObject({ code: 7, stdout: '' });
      expect(refused.stderr).toMatch(
        /FLG_LOCK_NOT_OBTAINED: The lock is held by process \d+ on \S+, since \d{4}-.*Z\.\n {2}-> Wait for it with `flamingock apply --wait -e production`/,
      );
      expect(waited).toMatchObject({
        code: 0,
        stdout: 'nothing left to apply: another instance did (3 in all)\n',
      });
      expect(await first.finished).toMatchObject({ code: 0 });
      expect(systems.registered()).toEqual(['order-events-value']);
    },
    LONG,
  );
});

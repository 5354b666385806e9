import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { CommandLine } from './command-line.js';
import { describeOnDatabases } from './databases.js';
import { problemsOf } from './schemas.js';
import type { Systems } from './systems.js';

const LONG = 90_000;

await describeOnDatabases('diff', (open) => {
  let systems: Systems;
  let commandLine: CommandLine;
  beforeEach(async () => {
    systems = await open();
    commandLine = systems.commandLine.with({
      REVIEW_AUDIT_URL: await systems.database('review-audit'),
      REVIEW_ORDERS_URL: await systems.database('review-orders'),
    });
  });
  afterEach(() => systems.sandbox.close());

  test(
    'two environments, each from its own store: one is behind the other, and catches up',
    async () => {
      await commandLine.run('apply', '-e', 'review');
      await commandLine.run('apply', '--until', 'create-orders');
      const { code, stdout, stderr } = await commandLine.run('diff', 'review', 'production');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^ +review +production$/m);
      expect(stdout).toMatch(/^at +_0003__AddTotals +_0001__CreateOrders$/m);
      expect(stdout).toMatch(/^✔ same +_0001__CreateOrders +\S+Z +\S+Z$/m);
      expect(stdout).toMatch(/^! missing in production +_0002__RegisterOrderEvent +\S+Z +–$/m);
      expect(stdout).toMatch(/^production is behind review: 2 changes$/m);

      const answer = await commandLine.json('diff', 'production', 'review');
      expect(problemsOf('diff', answer)).toBeUndefined();
      expect(answer).toMatchObject({
        ok: true,
        verdict: 'first-behind',
        first: { name: 'production', from: 'store', service: 'orders', applied: 1 },
        second: { name: 'review', latest: '_0003__AddTotals', defect: null },
        changes: [
          { id: 'create-orders', finding: 'same', first: { order: '1' }, second: { state: 'APPLIED' } },
          { id: 'register-order-event', finding: 'only-second', first: null },
          { id: 'add-totals', finding: 'only-second' },
        ],
      });
      expect(await commandLine.run('diff', 'review', 'production', '--check')).toMatchObject({ code: 4 });
      await commandLine.run('apply');
      expect(await commandLine.run('diff', 'review', 'production', '--check')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^review and production have the same changes$/m),
      });
    },
    LONG,
  );

  test(
    'an environment against what was exported of it, and against one that has parted from it',
    async () => {
      const { sandbox } = systems;
      await commandLine.run('apply');
      const file = sandbox.path('audit.ndjson');
      const { stdout: exported } = await commandLine.run('audit', 'export');
      await writeFile(file, exported);
      expect(await commandLine.run('diff', file, 'production', '--check')).toMatchObject({ code: 0 });

      await commandLine.run(
        ...['undo', '--last', '--confirm', 'production', '--actor', 'jane', '--reason', 'taken back'],
      );
      const undone = await commandLine.json('diff', file, 'production', '--check');
      expect(problemsOf('diff', undone)).toBeUndefined();
      expect(undone).toMatchObject({
        ok: false,
        verdict: 'second-behind',
        first: { from: 'export', environment: null },
        changes: [{}, {}, { finding: 'only-first', second: { state: 'UNDONE' } }],
      });

      // The third of them in the place of the second, with a revision.
      const [second, third] = ['"changeId":"register-order-event"', '"changeId":"add-totals"'];
      const other = exported
        .replaceAll(second, 'TMP')
        .replaceAll(third, second)
        .replaceAll('TMP', third)
        .replaceAll(third, `"revision":"2",${third}`);
      const parted = sandbox.path('parted.ndjson');
      await writeFile(parted, other);
      const { code, stdout } = await commandLine.run('diff', file, parted, '--check');
      expect(code).toBe(6);
      expect(stdout).toMatch(/✘ other .*\b_0003__AddTotals\b.*no revision.*revision 2/);
      expect(stdout).toContain('have parted');
      expect(stdout).toMatch(/the ledger of .*parted\.ndjson: it is broken at entry \d+: .*it was edited/);

      const part = sandbox.path('part.json');
      await commandLine.run('audit', 'export', '--change', 'add-totals', '--format', 'json', '-o', part);
      expect(await commandLine.run('diff', part, file, '--check')).toMatchObject({
        code: 6,
        stdout: expect.stringContaining('only a part of the ledger was exported'),
      });
    },
    LONG,
  );

  test(
    'only the audit store is asked, of any service in it; what cannot be reached or does not exist is named',
    async () => {
      await commandLine.run('apply', '-e', 'review', '--until', 'create-orders');
      const down = commandLine.with({ ORDERS_URL: '', REVIEW_ORDERS_URL: '' });
      expect(await down.run('diff', 'production', 'review')).toMatchObject({ code: 0, stderr: '' });
      const same = await down.json('diff', 'review', 'review', '--service', 'orders');
      expect(same).toMatchObject({ ok: true, verdict: 'same', first: { service: 'orders', applied: 1 } });
      const service = await down.run('diff', 'review', 'review', '--service', 'order');
      expect(service.code).toBe(2);
      expect(service.stderr).toMatch(/There is no service 'order'[^]*Did you mean 'orders'\?/);
      expect((await down.run('diff', 'review', 'review', '--tenant', 'x')).stderr).toContain('no tenant');
      expect((await down.run('diff', 'reviw', 'production')).stderr).toContain("Did you mean 'review'?");
      expect((await down.run('diff', 'review', 'missing.ndjson')).stderr).toContain('cannot be read');

      const dead = down.with({ REVIEW_AUDIT_URL: 'postgres://orders:s3cretpass@127.0.0.1:1/x' });
      const { code, stderr } = await dead.run('diff', 'production', 'review');
      expect(code).toBe(2);
      expect(stderr).toMatch(/FLG_STORE_UNREACHABLE: 'review': /);
      expect(stderr).not.toContain('s3cret');
    },
    LONG,
  );
});

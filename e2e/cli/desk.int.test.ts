import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnDatabases } from './databases.js';
import { problemsOf } from './schemas.js';
import type { Systems } from './systems.js';

const LONG = 60_000;
const PERSON = ['--actor', 'jane', '--reason', 'looked at it'];

await describeOnDatabases('The desk', (open) => {
  let systems: Systems;
  beforeEach(async () => {
    systems = await open();
  });
  afterEach(() => systems.sandbox.close());

  test(
    'issue: listed, shown and resolved by flags, held against what was shown',
    async () => {
      const { commandLine } = systems;
      expect(await commandLine.run('issue', 'list')).toMatchObject({ code: 0, stdout: 'no issue is open\n' });
      await commandLine.with({ INCIDENT: 'fails' }).run('apply');

      const list = await commandLine.json('issue', 'list');
      expect(problemsOf('issue-list', list)).toBeUndefined();
      const shown = await commandLine.json('issue', 'show', 'register-order-event');
      expect(problemsOf('issue-show', shown)).toBeUndefined();
      const { sequence } = shown['issue'] as { readonly sequence: number };
      const screen = await commandLine.run('issue', 'show', 'register-order-event');
      expect(screen.stdout).toContain('why nothing proves it');
      expect(screen.stdout).toContain(
        `flamingock issue resolve register-order-event -e production --as APPLIED --expected ${sequence}`,
      );

      const resolve = ['issue', 'resolve', 'register-order-event'];
      const silent = await commandLine.run(...resolve);
      expect(silent.code).toBe(2);
      expect(silent.stderr).toContain('Add --as APPLIED, or --as ROLLED_BACK');
      const stale = await commandLine.run(...resolve, '--as', 'APPLIED', '--expected', '1', ...PERSON);
      expect(stale.code).toBe(2);
      expect(stale.stderr).toContain('FLG_RESOLUTION_REFUSED');
      const wrong = await commandLine.run(
        'issue',
        'resolve',
        'register-order-even',
        '--as',
        'APPLIED',
        ...PERSON,
      );
      expect(wrong.stderr).toContain("Did you mean 'register-order-event'?");

      const resolved = await commandLine.json(...resolve, '--as', 'APPLIED', ...PERSON);
      expect(problemsOf('issue-resolve', resolved)).toBeUndefined();
      expect(await commandLine.run('apply')).toMatchObject({ code: 0, stdout: 'applied _0003__AddTotals\n' });
      const { entries } = await commandLine.json('audit', 'list', '--actor', 'jane');
      expect(entries).toEqual([
        expect.objectContaining({ state: 'MANUALLY_APPLIED', reason: 'looked at it' }),
      ]);
    },
    LONG,
  );

  test(
    'issue show --verify asks the change itself, and says what it answers now',
    async () => {
      const verifying = systems.commandLine.with({ VERIFY: 'yes' });
      const broken = verifying.with({ INCIDENT: 'fails' });
      expect(await broken.run('apply')).toMatchObject({ code: 5 });
      const show = ['issue', 'show', 'register-order-event'];
      const unasked = await verifying.run(...show);
      expect(unasked.stdout).toContain('flamingock issue show register-order-event -e production --verify');
      expect(unasked.stdout).not.toContain('its verify answers now');

      const lost = await broken.run(...show, '--verify');
      expect(lost).toMatchObject({ code: 0, stderr: '' });
      expect(lost.stdout).toMatch(
        /its verify answers now {2}FAILED: Error: the connection to the registry was lost/,
      );
      const asked = await verifying.json(...show, '--verify');
      expect(problemsOf('issue-show', asked)).toBeUndefined();
      expect(asked).toMatchObject({ ok: true, issue: { verified: { result: 'APPLIED' } } });
      // It was only asked: whoever runs next settles it.
      expect(await verifying.json('issue', 'list')).toMatchObject({ issues: [{}] });
      expect(await verifying.run('apply')).toMatchObject({
        code: 0,
        stdout: 'found applied register-order-event\napplied _0003__AddTotals\n',
      });
      expect(systems.registered()).toEqual(['order-events-value']);
    },
    LONG,
  );

  test(
    'status, audit, issue and lock work while the application cannot be built',
    async () => {
      await systems.commandLine.with({ INCIDENT: 'fails' }).run('apply');
      // Neither its targets nor its dependencies can be made any more.
      const down = systems.commandLine.with({ ORDERS_URL: '' });
      expect((await down.run('plan')).stderr).toContain('FLG_SECRET_MISSING');
      for (const command of [['status'], ['audit', 'list'], ['issue', 'list'], ['lock', 'show']])
        expect(await down.run(...command)).toMatchObject({ code: 0, stderr: '' });
      const resolved = await down.run(
        ...['issue', 'resolve', 'register-order-event', '--as', 'ROLLED_BACK', ...PERSON],
      );
      expect(resolved.code).toBe(0);
    },
    LONG,
  );

  test(
    'audit: filtered, exported, and verified against the export',
    async () => {
      const { commandLine, sandbox } = systems;
      await commandLine.run('apply');
      const list = await commandLine.json('audit', 'list', '--change', 'add-totals', '--state', 'applied');
      expect(problemsOf('audit-list', list)).toBeUndefined();
      const [entry] = list['entries'] as readonly { readonly sequence: number }[];
      const shown = await commandLine.json('audit', 'show', String(entry?.sequence));
      expect(problemsOf('audit-show', shown)).toBeUndefined();

      const file = sandbox.path('audit.ndjson');
      const { stdout } = await commandLine.run('audit', 'export');
      await writeFile(file, stdout);
      const csv = sandbox.path('audit.csv');
      const exported = await commandLine.json('audit', 'export', '--format', 'csv', '--output', csv);
      expect(problemsOf('audit-export', exported)).toBeUndefined();
      expect(await readFile(csv, 'utf8')).toMatch(/^sequence,time,kind,changeId,.*\r\n1,/);

      const verified = await commandLine.json('audit', 'verify', '--export', file);
      expect(problemsOf('audit-verify', verified)).toBeUndefined();
      expect(verified).toMatchObject({ ok: true, intact: true });
      const { head } = verified as { readonly head: { readonly sequence: number; readonly hash: string } };
      const heads = [head.hash, `${head.sequence}:${head.hash}`];
      for (const known of heads)
        expect(await commandLine.run('audit', 'verify', '--head', known)).toMatchObject({ code: 0 });

      const foreign = stdout.replace(head.hash, 'f'.repeat(64));
      await writeFile(file, foreign);
      expect(await commandLine.run('audit', 'verify', '--export', file)).toMatchObject({ code: 6 });
      await systems.send('audit', "UPDATE flamingock_ledger SET state = 'FAILED' WHERE sequence = 3");
      const edited = await commandLine.run('audit', 'verify');
      expect(edited).toMatchObject({
        code: 6,
        stdout: expect.stringMatching(/broken at entry 3: .*was edited/),
      });
    },
    LONG,
  );

  test(
    'lock: shown while it is held, and taken away by a word that is recorded',
    async () => {
      const { commandLine } = systems;
      const holder = commandLine.with({ INCIDENT: 'long' }).start('apply');
      await holder.shows(/_0001__CreateOrders .* applied/);
      const shown = await commandLine.json('lock', 'show');
      expect(problemsOf('lock-show', shown)).toBeUndefined();
      expect(shown).toMatchObject({ lock: { held: true } });

      const unconfirmed = await commandLine.run('lock', 'release', ...PERSON);
      expect(unconfirmed.code).toBe(2);
      expect(unconfirmed.stderr).toContain('Its holder is alive');
      expect(unconfirmed.stderr).toContain('--confirm production');
      const wrong = await commandLine.run('lock', 'release', '--confirm', 'staging', ...PERSON);
      expect(wrong.code).toBe(2);

      const released = await commandLine.json('lock', 'release', '--confirm', 'production', ...PERSON);
      expect(problemsOf('lock-release', released)).toBeUndefined();
      expect(await holder.finished).toMatchObject({
        code: 7,
        stderr: expect.stringContaining('FLG_LOCK_LOST'),
      });
      const { entries } = await commandLine.json('audit', 'list', '--actor', 'jane');
      expect(entries).toEqual([
        expect.objectContaining({
          kind: 'run',
          metadata: { actor: 'jane', command: 'lock release', reason: 'looked at it' },
        }),
      ]);
      expect(await commandLine.run('lock', 'release', '--confirm', 'production', ...PERSON)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('FLG_LOCK_RELEASE_REFUSED'),
      });
    },
    LONG,
  );

  test(
    'undo and verify: what was rolled back, and what has drifted',
    async () => {
      const { commandLine } = systems;
      await commandLine.run('apply');
      expect(problemsOf('verify', await commandLine.json('verify'))).toBeUndefined();
      await systems.send('orders', 'ALTER TABLE orders DROP COLUMN total');
      const drifted = await commandLine.run('verify');
      expect(drifted).toMatchObject({
        code: 6,
        stdout: expect.stringContaining("'orders-db' has drifted: add-totals"),
      });
      await systems.send('orders', 'ALTER TABLE orders ADD COLUMN total integer');

      expect(await commandLine.run('undo', ...PERSON)).toMatchObject({ code: 2 });
      const refused = await commandLine.run('undo', '--last', ...PERSON);
      expect(refused.stderr).toContain('will undo _0003__AddTotals (add-totals)');
      expect(refused.code).toBe(2);
      const undone = await commandLine.json('undo', '--last', '--confirm', 'production', ...PERSON);
      expect(problemsOf('undo', undone)).toBeUndefined();
      expect(undone).toMatchObject({ undone: [{ id: 'add-totals' }] });
      expect(await commandLine.json('status')).toMatchObject({ counts: { applied: 2, held: 1 } });
      const down = ['undo', '--down-to', 'create-orders', '--confirm', 'production', ...PERSON];
      expect(await commandLine.run(...down)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^undone _0002__RegisterOrderEvent .*\nundone _0001__CreateOrders /),
      });
    },
    LONG,
  );

  test(
    'target: held against the ledger, and adopted by a word',
    async () => {
      const { commandLine } = systems;
      await commandLine.run('apply');
      const list = await commandLine.json('target', 'list');
      expect(problemsOf('target-list', list)).toBeUndefined();
      expect(list).toMatchObject({
        targets: [
          { name: 'orders-db', standing: 'in-order', applied: ['create-orders', 'add-totals'] },
          { name: 'registry', standing: 'unknown' },
        ],
      });
      await systems.send('orders', 'UPDATE flamingock_fence SET applied = 0, begun = 0');
      expect((await commandLine.run('target', 'list')).stdout).toMatch(/✘ behind\s+orders-db/);
      const adopt = ['target', 'adopt', 'orders-db', '--confirm', 'production', ...PERSON];
      const adopted = await commandLine.json(...adopt);
      expect(problemsOf('target-adopt', adopted)).toBeUndefined();
      expect(adopted).toMatchObject({ found: 'behind', inDoubt: ['create-orders', 'add-totals'] });
      expect((await commandLine.run('target', 'adopt', 'order-db')).stderr).toContain(
        "Did you mean 'orders-db'?",
      );
    },
    LONG,
  );

  test(
    'status --all: every ledger of the store, who is behind and who is blocked',
    async () => {
      const { commandLine } = systems;
      await commandLine.run('apply', '-e', 'staging');
      await commandLine.with({ INCIDENT: 'fails' }).run('apply');
      const all = await commandLine.json('status', '--all');
      expect(problemsOf('status-all', all)).toBeUndefined();
      expect(all).toMatchObject({
        ledgers: [
          { environment: 'production', applied: 1, behind: ['register-order-event', 'add-totals'] },
          { environment: 'staging', applied: 3, upToDate: true, blocked: [] },
        ],
        affectedTargets: { registry: ['orders / production'] },
      });
      const screen = await commandLine.run('status', '--all', '--check');
      expect(screen.code).toBe(5);
      expect(screen.stdout).toMatch(/^orders \/ production\s+✘ 1 blocked/m);
      expect(screen.stdout).toMatch(/^orders \/ staging\s+✔ latest/m);
    },
    LONG,
  );
});

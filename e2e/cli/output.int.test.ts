import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnDatabases } from './databases.js';
import { problemsOf } from './schemas.js';
import { openSystems, type Systems } from './systems.js';

const LONG = 90_000;
const PERSON = ['--actor', 'jane', '--reason', 'looked at it'];

await describeOnDatabases('A reader that closes its pipe', (open) => {
  let systems: Systems;
  beforeEach(async () => {
    systems = await open();
  });
  afterEach(() => systems.sandbox.close());

  test.each(['stdout', 'both'] as const)(
    'ends no run: %s of apply',
    async (streams) => {
      const { commandLine } = systems;
      const { code, stdout, stderr } = await commandLine
        .with({ INCIDENT: 'slow' })
        .readOnce(streams, 'apply', '--json');
      expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 1 });
      expect(stderr).not.toContain('EPIPE');
      expect(await commandLine.json('status')).toMatchObject({ counts: { applied: 3 }, lock: null });
    },
    LONG,
  );

  test(
    'hides no exit code',
    async () => {
      const { commandLine } = systems;
      await commandLine.run('apply');
      await systems.send('audit', "UPDATE flamingock_ledger SET state = 'FAILED' WHERE sequence = 3");
      expect(await commandLine.readOnce('stdout', 'audit', 'verify')).toMatchObject({ code: 6 });
      const list = await commandLine.run('audit', 'list');
      expect(list).toMatchObject({ code: 0, stderr: expect.stringContaining('broken at entry 3') });
    },
    LONG,
  );
});

let systems: Systems;
beforeEach(async () => {
  systems = await openSystems(undefined);
});
afterEach(() => systems.sandbox.close());

test(
  'whatever fails, --json prints one object that the schema of errors accepts, and the exit code tells it',
  async () => {
    const { commandLine } = systems;
    await commandLine.with({ INCIDENT: 'fails' }).run('apply');
    const failing: readonly (readonly [code: number, ...parameters: readonly string[]])[] = [
      [2],
      [2, 'audit'],
      [2, 'aplly'],
      [2, 'status', 'extra'],
      [2, 'status', '--colour'],
      [2, 'status', '-e', 'moon'],
      [2, 'apply', '--until', 'nothing'],
      [2, 'apply', '--timeout', 'soon', '--wait'],
      [5, 'apply'],
      [2, 'audit', 'show', '99'],
      [2, 'audit', 'list', '--since', 'yesterday'],
      [2, 'audit', 'list', '--limit', '0'],
      [2, 'audit', 'export', '--format', 'xml'],
      [2, 'audit', 'export'],
      [2, 'audit', 'export', '--output', '/nowhere/audit.ndjson'],
      [2, 'audit', 'verify', '--head', 'abc'],
      [2, 'audit', 'verify', '--export', '/nowhere/audit.ndjson'],
      [2, 'issue', 'show', 'nothing'],
      [2, 'issue', 'resolve', 'register-order-event'],
      [2, 'issue', 'resolve', 'register-order-event', '--as', 'MAYBE', ...PERSON],
      [2, 'undo'],
      [2, 'undo', '--last', '--confirm', 'production'],
      [2, 'verify', 'nothing'],
      [2, 'lock', 'release', '--confirm', 'production', ...PERSON],
      [2, 'target', 'adopt', 'nothing'],
    ];
    for (const [code, ...parameters] of failing) {
      const failed = await commandLine.run(...parameters, '--json');
      const error = JSON.parse(failed.stdout.trimEnd().split('\n').at(-1) ?? '') as object;
      expect([parameters, failed.code]).toEqual([parameters, code]);
      expect([parameters, problemsOf('error', error)]).toEqual([parameters, undefined]);
      expect(JSON.stringify(error)).not.toMatch(/FLG_INTERNAL|\.\.|outputHelp/);
    }
  },
  LONG,
);

test(
  'NO_COLOR is kept on a terminal, also by the line that lives',
  async () => {
    const plain = systems.commandLine.with({ INCIDENT: 'slow', NO_COLOR: '1' });
    for (const parameters of [['apply'], ['status'], ['audit', 'list'], ['plan'], ['statu']]) {
      const { raw } = await plain.terminal(parameters, []);
      // A colour ends with m; what moves the cursor does not.
      expect([parameters, raw.split('\u001B').filter((part) => /^\[[\d;]*m/.test(part))]).toEqual([
        parameters,
        [],
      ]);
    }
  },
  LONG,
);

test(
  'what people wrote is shown as it is, and cannot act on a terminal',
  async () => {
    const { commandLine } = systems;
    await commandLine.with({ INCIDENT: 'fails' }).run('apply');
    const reason = 'it is\u001B[2Jthere \u202Eon';
    const resolved = await commandLine.run(
      ...[
        'issue',
        'resolve',
        'register-order-event',
        '--as',
        'APPLIED',
        '--actor',
        'jane',
        '--reason',
        reason,
      ],
    );
    expect(resolved.code).toBe(0);
    const { entries } = await commandLine.json('audit', 'list', '--actor', 'jane');
    const [entry] = entries as readonly { readonly sequence: number; readonly reason: string }[];
    expect(entry?.reason).toBe(reason);
    const { stdout } = await commandLine.run('audit', 'show', String(entry?.sequence));
    expect(stdout).toContain('it is\\u001b[2Jthere \\u202eon');
    expect(stdout).toBe(stripVTControlCharacters(stdout));
  },
  LONG,
);

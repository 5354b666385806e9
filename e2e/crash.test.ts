import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Outcome } from './fixtures/report-run.mjs';
import type { Child } from './harness/child.mjs';
import { readLedger } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('./fixtures/three-changes.mjs', import.meta.url));
const KILLED = { code: null, signal: 'SIGKILL' };

type TargetKind = 'shared' | 'separate' | 'file';

/** What happens to the process at the second of the three changes. */
interface Interruption {
  readonly happens: 'die' | 'hold';
  readonly moment: 'inside' | 'before' | 'after';
  /** Of the ledger entry that is about to be appended or was. Default `APPLIED`. */
  readonly state?: 'STARTED' | 'APPLIED';
}

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

/** What a start that nothing happens to may be told. */
interface Undisturbed {
  readonly resolution?: string;
  readonly waitMs?: string;
}

function start(target: TargetKind, more: Interruption | Undisturbed = {}): Child {
  const options = { directory: sandbox.directory, target, ...more };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return sandbox.start(`three-changes ${target}`, [FIXTURE, ...args]);
}

async function outcomeOf(child: Child): Promise<Outcome> {
  const [line] = await child.line(/^\{.*\}$/);
  return JSON.parse(line) as Outcome;
}

/** What the changes have done, read past the engine. */
function effects(target: TargetKind): unknown[] {
  if (target === 'file') {
    const file = sandbox.path('effects.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }
  const file = target === 'shared' ? 'audit.db' : 'orders.db';
  const database = new Database(sandbox.path(file), { readonly: true });
  const names = database.prepare('SELECT name FROM effects ORDER BY rowid').pluck().all();
  database.close();
  return names;
}

function ledger(): Promise<readonly string[]> {
  return readLedger(sandbox.path('audit.db'));
}

describe('A process that is killed during a change in a transaction that it shares with the ledger', () => {
  it.each([
    ['while the change is at work', 'inside'],
    ['before the ledger entry is written', 'before'],
    ['before the commit', 'after'],
  ] as const)('leaves nothing of it: %s', async (_, moment) => {
    await expect(start('shared', { happens: 'die', moment }).exited).resolves.toEqual(KILLED);
    expect(effects('shared')).toEqual(['first']);

    const next = await outcomeOf(start('shared'));
    expect(next).toMatchObject({ outcome: 'applied', applied: ['second', 'third'] });
    expect(next.tookOverFrom).toEqual(expect.any(String));
    expect(effects('shared')).toEqual(['first', 'second', 'third']);
    await expect(ledger()).resolves.toEqual([
      'first APPLIED transaction',
      'second APPLIED transaction',
      'third APPLIED transaction',
    ]);
  });
});

describe('A process that is killed during a change in a transaction of another database', () => {
  it('leaves nothing of it before the commit', async () => {
    await expect(start('separate', { happens: 'die', moment: 'inside' }).exited).resolves.toEqual(KILLED);
    expect(effects('separate')).toEqual(['first']);

    await expect(outcomeOf(start('separate'))).resolves.toMatchObject({
      outcome: 'applied',
      applied: ['second', 'third'],
    });
    expect(effects('separate')).toEqual(['first', 'second', 'third']);
    await expect(ledger()).resolves.toEqual([
      'first APPLIED transaction',
      'second FAILED fence',
      'second APPLIED transaction',
      'third APPLIED transaction',
    ]);
  });

  it('is proven by the fence between its commit and its ledger entry, and does not run again', async () => {
    await expect(start('separate', { happens: 'die', moment: 'before' }).exited).resolves.toEqual(KILLED);
    expect(effects('separate')).toEqual(['first', 'second']);

    await expect(outcomeOf(start('separate'))).resolves.toMatchObject({
      outcome: 'applied',
      applied: ['third'],
    });
    expect(effects('separate')).toEqual(['first', 'second', 'third']);
    await expect(ledger()).resolves.toEqual([
      'first APPLIED transaction',
      'second APPLIED fence',
      'third APPLIED transaction',
    ]);
  });

  it('is applied once its ledger entry is written', async () => {
    await expect(start('separate', { happens: 'die', moment: 'after' }).exited).resolves.toEqual(KILLED);
    await expect(outcomeOf(start('separate'))).resolves.toMatchObject({
      outcome: 'applied',
      applied: ['third'],
    });
    expect(effects('separate')).toEqual(['first', 'second', 'third']);
  });
});

describe('A process that is killed during a change without a transaction', () => {
  it.each([
    ['while it is at work', 'inside'],
    ['when it is done, before its ledger entry', 'before'],
  ] as const)('leaves an issue at which every start stops: %s', async (_, moment) => {
    await expect(start('file', { happens: 'die', moment }).exited).resolves.toEqual(KILLED);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const next = await outcomeOf(start('file'));
      expect(next).toMatchObject({ outcome: 'FLG_ISSUE_OPEN', applied: [] });
      expect(next.message).toContain('_0002__second');
    }
    expect(effects('file')).toEqual(['first', 'second']);
    await expect(ledger()).resolves.toEqual(['first APPLIED none', 'second FAILED none']);
  });

  it.each([
    ['goes on behind it when a person says that it was applied', 'APPLIED', ['third']],
    ['repeats it when a person says that nothing of it is left', 'ROLLED_BACK', ['second', 'third']],
  ])('%s', async (_, resolution, applied) => {
    await start('file', { happens: 'die', moment: 'inside' }).exited;
    await expect(outcomeOf(start('file'))).resolves.toMatchObject({ outcome: 'FLG_ISSUE_OPEN' });
    await expect(outcomeOf(start('file', { resolution }))).resolves.toMatchObject({ applied });
    await expect(ledger()).resolves.toContain(`second MANUALLY_${resolution} person`);
  });

  it('is applied once its ledger entry is written', async () => {
    await expect(start('file', { happens: 'die', moment: 'after' }).exited).resolves.toEqual(KILLED);
    await expect(outcomeOf(start('file'))).resolves.toMatchObject({ outcome: 'applied', applied: ['third'] });
    expect(effects('file')).toEqual(['first', 'second', 'third']);
  });
});

describe('A process that is paused until another one has taken over', () => {
  /** Pauses a process that holds, lets another one come to its end, and lets the first one go on. */
  async function overtake(target: TargetKind, interruption: Omit<Interruption, 'happens'>) {
    const paused = start(target, { happens: 'hold', ...interruption });
    await paused.line(/^holding$/);
    paused.signal('SIGSTOP');
    const overtaker = await outcomeOf(start(target));
    await writeFile(sandbox.path('go'), '');
    paused.signal('SIGCONT');
    return { overtaker, paused: await outcomeOf(paused) };
  }

  it('writes nothing more to a transactional target, and nothing to the ledger', async () => {
    const { overtaker, paused } = await overtake('separate', { moment: 'after', state: 'STARTED' });
    expect(overtaker).toMatchObject({ outcome: 'applied', applied: ['second', 'third'] });
    expect(paused).toMatchObject({ outcome: 'FLG_LOCK_LOST' });
    expect(effects('separate')).toEqual(['first', 'second', 'third']);
    await expect(ledger()).resolves.toEqual([
      'first APPLIED transaction',
      'second FAILED fence',
      'second APPLIED transaction',
      'third APPLIED transaction',
    ]);
  });

  it('records no outcome of a change without a transaction, which is an issue by then', async () => {
    const { overtaker, paused } = await overtake('file', { moment: 'inside' });
    expect(overtaker).toMatchObject({ outcome: 'FLG_ISSUE_OPEN' });
    expect(paused).toMatchObject({ outcome: 'FLG_LOCK_LOST' });
    expect(effects('file')).toEqual(['first', 'second']);
    await expect(ledger()).resolves.toEqual(['first APPLIED none', 'second FAILED none']);
  });
});

describe('A process that is stopped inside a transaction of SQLite', () => {
  it('keeps the others waiting, which say so, until it ends', async () => {
    const stopped = start('shared', { happens: 'hold', moment: 'inside' });
    await stopped.line(/^holding$/);
    stopped.signal('SIGSTOP');
    // More than its lease, which nobody can take over: the file is locked.
    await expect(outcomeOf(start('shared', { waitMs: '3000' }))).resolves.toMatchObject({
      outcome: 'FLG_LOCK_NOT_OBTAINED',
      message: expect.stringContaining(`process ${stopped.processId} `),
    });
    expect(effects('shared')).toEqual(['first']);

    await stopped.stop('SIGKILL');
    await expect(outcomeOf(start('shared'))).resolves.toMatchObject({ applied: ['second', 'third'] });
    expect(effects('shared')).toEqual(['first', 'second', 'third']);
  });
});

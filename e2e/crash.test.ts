import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Outcome } from './fixtures/report-run.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('./fixtures/three-changes.mjs', import.meta.url));
const KILLED = { code: null, signal: 'SIGKILL' };

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

type TargetKind = 'shared' | 'separate' | 'file';

function start(target: TargetKind, death = 'none') {
  const options = { directory: sandbox.directory, target, death };
  return sandbox.start(`three-changes ${target}`, [
    FIXTURE,
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
}

async function startAndReport(target: TargetKind): Promise<Outcome> {
  const [line] = await start(target).line(/^\{.*\}$/);
  return JSON.parse(line) as Outcome;
}

/** What the changes have done, read past the engine. */
function effects(target: TargetKind): unknown[] {
  if (target === 'file') {
    const file = sandbox.path('effects.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }
  const database = new Database(sandbox.path(target === 'shared' ? 'audit.db' : 'orders.db'), {
    readonly: true,
  });
  const names = database.prepare('SELECT name FROM effects ORDER BY rowid').pluck().all();
  database.close();
  return names;
}

describe('A process that is killed during a change in a transaction that it shares with the ledger', () => {
  it.each([
    ['while the change is at work', 'inside'],
    ['before the ledger entry is written', 'before'],
    ['before the commit', 'after'],
  ])('leaves nothing of it: %s', async (_, death) => {
    await expect(start('shared', death).exited).resolves.toEqual(KILLED);
    expect(effects('shared')).toEqual(['first']);

    const next = await startAndReport('shared');
    expect(next).toMatchObject({ outcome: 'applied', applied: ['second', 'third'] });
    expect(next.tookOverFrom).toEqual(expect.any(String));
    expect(effects('shared')).toEqual(['first', 'second', 'third']);
  });
});

describe('A process that is killed during a change in a transaction of another database', () => {
  it('leaves nothing of it before the commit', async () => {
    await expect(start('separate', 'inside').exited).resolves.toEqual(KILLED);
    expect(effects('separate')).toEqual(['first']);

    await expect(startAndReport('separate')).resolves.toMatchObject({
      outcome: 'applied',
      applied: ['second', 'third'],
      proofs: ['fence', 'transaction', 'transaction'],
    });
    expect(effects('separate')).toEqual(['first', 'second', 'third']);
  });

  it('between the commit and the ledger entry: the fence proves it, and it does not run again', async () => {
    await expect(start('separate', 'before').exited).resolves.toEqual(KILLED);
    expect(effects('separate')).toEqual(['first', 'second']);

    await expect(startAndReport('separate')).resolves.toMatchObject({
      outcome: 'applied',
      applied: ['third'],
      proofs: ['fence', 'transaction'],
    });
    expect(effects('separate')).toEqual(['first', 'second', 'third']);
  });

  it('after the ledger entry: it is applied', async () => {
    await expect(start('separate', 'after').exited).resolves.toEqual(KILLED);
    await expect(startAndReport('separate')).resolves.toMatchObject({
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
  ])('leaves an issue, and every start stops at it: %s', async (_, death) => {
    await expect(start('file', death).exited).resolves.toEqual(KILLED);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const next = await startAndReport('file');
      expect(next).toMatchObject({ outcome: 'FLG_ISSUE_OPEN', applied: [] });
      expect(next.message).toMatch(/_0002__second/);
    }
    expect(effects('file')).toEqual(['first', 'second']);
  });

  it('is applied when its ledger entry was written', async () => {
    await expect(start('file', 'after').exited).resolves.toEqual(KILLED);
    await expect(startAndReport('file')).resolves.toMatchObject({ outcome: 'applied', applied: ['third'] });
    expect(effects('file')).toEqual(['first', 'second', 'third']);
  });
});

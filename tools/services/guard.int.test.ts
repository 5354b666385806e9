import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { describeWith } from './describe-with.mjs';
import { ownPostgres } from './postgres.mjs';

const describeWithPostgres = await describeWith(ownPostgres);

/** Starts a server, says where, and does with it what it is told. */
const PROGRAM = `
  import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'postgres.mjs'))};
  const server = await startPostgres({ exclusive: true });
  process.on('message', async (order) => {
    await server[order]();
    process.send('done');
    if (order === 'stop') process.disconnect();
  });
  process.send(server.url);
`;

let folder: string;
let owner: ChildProcess;
let processes: number[];

/** Tells the owner what to do with its server, and waits until it has. */
async function order(what: 'kill' | 'stop'): Promise<void> {
  const done = once(owner, 'message');
  owner.send(what);
  await done;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when no process and no file is left; the time-out of the test is what ends it otherwise. */
async function nothingLeft(): Promise<void> {
  while (processes.some(alive) || readdirSync(folder).length > 0) await pause(20);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flamingock-guard-'));
  // The server may run as another user.
  chmodSync(folder, 0o755);
  owner = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env: { PATH: process.env['PATH'], TMPDIR: folder },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [url] = (await once(owner, 'message')) as [string];

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  await client.end();
  processes = rows.map(({ pid }) => pid);
  expect(processes.filter(alive).length).toBeGreaterThan(2);
  expect(readdirSync(folder)).toHaveLength(1);
});
afterEach(() => {
  owner.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describeWithPostgres('Nothing is left of a server', () => {
  it('that was stopped', async () => {
    const ended = once(owner, 'exit');
    await order('stop');
    await nothingLeft();
    await expect(ended).resolves.toEqual([0, null]);
  });

  it('that was killed and stopped', async () => {
    await order('kill');
    await order('stop');
    await nothingLeft();
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('whose owner died of %s', async (signal) => {
    owner.kill(signal);
    await nothingLeft();
  });

  it('that was killed, and whose owner died', async () => {
    await order('kill');
    owner.kill('SIGKILL');
    await nothingLeft();
  });
});

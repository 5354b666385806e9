import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORTS = { CONTROL_PORT: '0', REGISTRY_PORT: '0', CONTRACTS_PORT: '0', GATEWAY_PORT: '0' };

let dataDirectory: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'platform-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(dataDirectory, { recursive: true });
});

/** Starts the process from its sources. */
function start(environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', 'src/main.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH: process.env['PATH'], PLATFORM_DATA: dataDirectory, ...PORTS, ...environment },
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return { child, output };
}

async function ready({ child, output }: ReturnType<typeof start>): Promise<Record<string, string>> {
  while (!output.stdout.includes('\n')) await once(child.stdout, 'data');
  const [, urls = ''] = /^platform ready (\{.*\})\n$/.exec(output.stdout) ?? [];
  return JSON.parse(urls) as Record<string, string>;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'it says where it listens, and %s ends it well, also twice',
  async (signal) => {
    const started = start();
    const urls = await ready(started);
    expect(Object.keys(urls)).toEqual(['control', 'registry', 'contracts', 'gateway']);
    for (const [server, path] of [
      ['control', '/services'],
      ['registry', '/subjects'],
      ['contracts', '/contracts'],
      ['gateway', '/routes'],
    ] as const) {
      expect((await fetch(`${urls[server] ?? ''}${path}`)).status).toBe(200);
    }

    const closed = once(started.child, 'close');
    started.child.kill(signal);
    started.child.kill(signal);
    expect(await closed).toEqual([0, null]);
    expect(started.output.stderr).toBe('');
  },
);

test('what was answered is still there after the process was killed', async () => {
  const killed = start();
  const { gateway = '' } = await ready(killed);
  const url = '/routes/order-request/validation/allowed-fields/note';
  expect((await fetch(gateway + url, { method: 'PUT' })).status).toBe(200);
  const closed = once(killed.child, 'close');
  killed.child.kill('SIGKILL');
  await closed;

  const urls = await ready(start());
  expect(await (await fetch(`${urls['gateway'] ?? ''}/routes/order-request`)).json()).toMatchObject({
    validation: { revision: 2 },
  });
  expect(
    await (await fetch(`${urls['control'] ?? ''}/services/gateway/requests?since=0`)).json(),
  ).toMatchObject([{ method: 'PUT', path: url, status: 200 }, { method: 'GET' }]);
});

test('a taken port ends it with 1 and one message', async () => {
  const { control = '' } = await ready(start());
  const { port } = new URL(control);
  const { child, output } = start({ GATEWAY_PORT: port });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(output.stdout).toBe('');
  expect(output.stderr.split('\n')).toEqual([
    `PLATFORM_PORT_UNAVAILABLE: Port ${port} of 127.0.0.1, meant for the gateway service, is taken by another process.`,
    expect.stringContaining('another one'),
    '',
  ]);
});

test('a malformed environment ends it with 1', async () => {
  const { child, output } = start({ PLATFORM_DATA: '', GATEWAY_PORT: 'http' });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(output.stderr).toMatch(/^PLATFORM_ENVIRONMENT_INVALID: PLATFORM_DATA .*\nGATEWAY_PORT /);
});

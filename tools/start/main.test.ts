import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Stands in for both applications: says that it is there, and what ended it. */
const stub = (name: string, then = '') => `
  const { appendFileSync } = require('node:fs');
  const log = (line) => appendFileSync(${JSON.stringify(join(root, 'log'))}, '${name} ' + line + '\\n');
  setInterval(() => {}, 1000);
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    signals += 1;
    setTimeout(() => { log('ended by ' + signals + ' ' + signal); process.exit(0); }, 100);
  });
  console.log('${name} ready');
  log('ready');
  ${then}
`;

let root: string;
let processes: ChildProcess[];

function application(name: string, source: string): void {
  const folder = join(root, 'apps', name, 'dist');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'main.js'), source);
}

function start(environment: Record<string, string> = {}): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const ports = { PORT: '0', CONTROL_PORT: '0', REGISTRY_PORT: '0', CONTRACTS_PORT: '0', GATEWAY_PORT: '0' };
  const child = spawn(process.execPath, [join(root, 'tools/start/main.mjs')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...ports, ...environment },
  });
  processes.push(child);
  return child;
}

const log = () => readFileSync(join(root, 'log'), 'utf8').trim().split('\n');

beforeEach(() => {
  processes = [];
  root = mkdtempSync(join(tmpdir(), 'flamingock-start-'));
  cpSync(import.meta.dirname, join(root, 'tools/start'), { recursive: true });
  application('platform', stub('platform'));
  application('orders-nestjs', stub('orders'));
});

afterEach(() => {
  for (const child of processes) child.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s reaches the application once, then the platform',
  async (signal) => {
    const child = start();
    for await (const chunk of child.stdout) if (String(chunk).includes('orders ready')) break;

    child.kill(signal);
    child.kill(signal);
    await once(child, 'exit');

    expect(child.exitCode).toBe(0);
    expect(log()).toEqual([
      'platform ready',
      'orders ready',
      `orders ended by 1 ${signal}`,
      'platform ended by 1 SIGTERM',
    ]);
  },
);

test('ends with the exit code of the application, and the platform with it', async () => {
  application('orders-nestjs', 'process.exit(7)');
  const child = start();
  await once(child, 'exit');

  expect(child.exitCode).toBe(7);
  expect(log()).toEqual(['platform ready', 'platform ended by 1 SIGTERM']);
});

test('a platform that does not come up is the end', async () => {
  application('platform', "console.error('no disk'); process.exit(3)");
  const child = start();
  const [said] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')]);

  expect(child.exitCode).toBe(3);
  expect(said).toContain('no disk');
});

test('a platform that ends takes the application with it', async () => {
  application('platform', stub('platform', "setTimeout(() => { log('died'); process.exit(1); }, 500);"));
  const child = start();
  await once(child, 'exit');

  expect(log()).toEqual(['platform ready', 'orders ready', 'platform died', 'orders ended by 1 SIGTERM']);
});

test('a port that is taken is named, with the way out', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const child = start({ GATEWAY_PORT: port });
  const [said] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')]);
  server.close();

  expect(child.exitCode).toBe(1);
  expect(said).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect(said).toContain('GATEWAY_PORT');
});

test.each(['3000x', '', '65536'])('a port that is none is named: %j', async (port) => {
  const child = start({ REGISTRY_PORT: port });
  const [said] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')]);

  expect(child.exitCode).toBe(1);
  expect(said).toBe(`REGISTRY_PORT is '${port}', which is no port. Give a number from 0 to 65535.\n`);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.mjs';

let executed: number;
let server: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  executed = 0;
  server = createServer((_, response) => {
    executed += 1;
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  proxy = await startTcpProxy(`http://127.0.0.1:${port}`, { latencyMs: 50 });
});
afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  server.close();
});

/** The answer's text, or the code of what happened to the connection. */
async function ask(): Promise<string> {
  try {
    return await (await fetch(proxy.url, { signal: AbortSignal.timeout(300) })).text();
  } catch (error) {
    const { cause, name } = error as Error & { cause?: { code: string } };
    return cause?.code ?? name;
  }
}

it.each(['normal', 'slow'] as const)('%s: the answer arrives', async (mode) => {
  await proxy.setMode(mode);
  await expect(ask()).resolves.toBe('done');
});

it('drop-replies: the request is executed, and its answer is lost', async () => {
  await proxy.setMode('drop-replies');
  await expect(ask()).resolves.toBe('UND_ERR_SOCKET');
  expect(executed).toBe(1);
});

it('silent: nothing arrives on either side, and nothing is closed', async () => {
  await proxy.setMode('silent');
  await expect(ask()).resolves.toBe('TimeoutError');
  expect(executed).toBe(0);
});

it('mute: the request is executed, no answer arrives, and nothing is closed', async () => {
  await proxy.setMode('mute');
  await expect(ask()).resolves.toBe('TimeoutError');
  expect(executed).toBe(1);
});

it('refuse: nobody listens; and afterwards everything is as before, under the same address', async () => {
  await proxy.setMode('refuse');
  await expect(ask()).resolves.toBe('ECONNREFUSED');
  await proxy.setMode('normal');
  await expect(ask()).resolves.toBe('done');
  expect(executed).toBe(1);
});

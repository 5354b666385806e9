import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '../tools/services/tcp-proxy.mjs';
import { freePort, OrdersRelease } from './harness/orders.mjs';
import { Platform } from './harness/platform.mjs';
import { notAsWritten } from './harness/readme.js';
import { Sandbox } from './harness/sandbox.mjs';

const EXECUTED = 'POST /contracts/order-response/fields 201';

let sandbox: Sandbox;
let platform: Platform;
let proxy: TcpProxy;
let release: OrdersRelease;

beforeEach(async () => {
  sandbox = await Sandbox.open();
  platform = await Platform.start(sandbox);
  proxy = await startTcpProxy(platform.urls.contracts);
  sandbox.onClose(() => proxy.close());
  release = new OrdersRelease(sandbox, { ...platform.urls, contracts: proxy.url });
});
afterEach(() => sandbox.close());

async function failedStart(): Promise<string> {
  const child = release.start(await freePort());
  await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
  return child.output;
}

it('the application does not send again what may have been executed, and every start says so', async () => {
  await proxy.setMode('drop-replies');
  const first = await failedStart();
  expect(notAsWritten('What happens when something fails', [first], [3])).toEqual([]);
  await expect(platform.requests('contracts')).resolves.toEqual([EXECUTED]);

  await proxy.setMode('normal');
  const second = await failedStart();
  const message = first.slice(first.indexOf('FLG_ISSUE_OPEN'));
  expect(second).toBe(message);
  await expect(platform.requests('contracts')).resolves.toEqual([EXECUTED]);
});

import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '../tools/services/tcp-proxy.mjs';
import type { ClientKind } from './fixtures/contract-clients.mjs';
import type { Outcome } from './fixtures/report-run.mjs';
import { Platform } from './harness/platform.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const EXECUTED = 'POST /contracts/order-response/fields 201';
const FIXTURE = fileURLToPath(new URL('./fixtures/contract-change.mjs', import.meta.url));

describe.each<ClientKind>(['fetch', 'axios', 'node:http'])('A change with a client on %s', (client) => {
  let sandbox: Sandbox;
  let platform: Platform;
  let proxy: TcpProxy;

  beforeEach(async () => {
    sandbox = await Sandbox.open();
    platform = await Platform.start(sandbox);
    proxy = await startTcpProxy(platform.urls.contracts);
    sandbox.onClose(() => proxy.close());
  });
  afterEach(() => sandbox.close());

  async function start(): Promise<Outcome> {
    const options = { audit: sandbox.path('audit.db'), contracts: proxy.url, client };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const [line] = await sandbox.start('contract-change', [FIXTURE, ...args]).line(/^\{.*\}$/);
    return JSON.parse(line) as Outcome;
  }

  it('stops with an issue when the reply was lost, and is not repeated', async () => {
    await proxy.setMode('drop-replies');
    const first = await start();
    expect(first).toMatchObject({ outcome: 'FLG_ISSUE_OPEN' });
    await expect(platform.requests('contracts')).resolves.toEqual([EXECUTED]);

    await proxy.setMode('normal');
    const second = await start();
    expect(second).toMatchObject({ outcome: 'FLG_ISSUE_OPEN', message: first.message });
    await expect(platform.requests('contracts')).resolves.toEqual([EXECUTED]);
  });

  it('resumes by itself when the connection was refused', async () => {
    await proxy.setMode('refuse');
    await expect(start()).resolves.toMatchObject({
      outcome: 'FLG_CHANGE_FAILED',
      message: expect.stringContaining('nothing was sent'),
    });

    await proxy.setMode('normal');
    await expect(start()).resolves.toMatchObject({ outcome: 'applied' });
    await expect(platform.requests('contracts')).resolves.toEqual([EXECUTED]);
  });

  it('stops with an issue at a 503 that its target does not declare, since proxies send it too', async () => {
    await platform.switchTo('contracts', 'unavailable');
    await expect(start()).resolves.toMatchObject({ outcome: 'FLG_ISSUE_OPEN' });
  });
});

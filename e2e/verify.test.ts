import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '../tools/services/tcp-proxy.mjs';
import { freePort, OrdersRelease } from './harness/orders.mjs';
import { Platform } from './harness/platform.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const PUT = 'PUT /routes/order-request/validation/allowed-fields/paymentMethod';

describe('A change that can tell whether it is applied', () => {
  let sandbox: Sandbox;
  let platform: Platform;
  let proxy: TcpProxy;
  let release: OrdersRelease;

  beforeEach(async () => {
    sandbox = await Sandbox.open();
    platform = await Platform.start(sandbox);
    proxy = await startTcpProxy(platform.urls.gateway);
    sandbox.onClose(() => proxy.close());
    release = new OrdersRelease(sandbox, { ...platform.urls, gateway: proxy.url });
  });
  afterEach(() => sandbox.close());

  async function start(): Promise<string> {
    const child = release.start(await freePort());
    if ((await child.lineOrEnd(/^ready on /)) !== undefined) await child.stop();
    return child.output;
  }

  it('is found applied by the next start, after its reply was lost, and is not repeated', async () => {
    await proxy.setMode('drop-replies');
    await expect(start()).resolves.toContain('FLG_ISSUE_OPEN: _0004__UpdateGatewayValidation');

    await proxy.setMode('normal');
    const output = await start();
    expect(output).toMatch(/_0004__UpdateGatewayValidation.+ settled: APPLIED \(proof: verify\)/);
    expect(output).toMatch(/^ready on /m);
    const puts = (await platform.requests('gateway')).filter((request) => request.startsWith('PUT'));
    expect(puts).toEqual([`${PUT} 200`]);
  });

  it('is found not applied by the next start, after a 503 that proves nothing, and is applied then', async () => {
    await platform.switchTo('gateway', 'unavailable');
    await expect(start()).resolves.toContain('FLG_ISSUE_OPEN: _0004__UpdateGatewayValidation');

    await platform.switchTo('gateway', 'up');
    const output = await start();
    expect(output).toMatch(/_0004__UpdateGatewayValidation.+ settled: FAILED \(proof: verify\)/);
    expect(output).toMatch(/✔ _0004__UpdateGatewayValidation/);
    const puts = (await platform.requests('gateway')).filter((request) => request.startsWith('PUT'));
    expect(puts).toEqual([`${PUT} 503`, `${PUT} 200`]);
  });
});

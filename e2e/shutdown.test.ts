import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FIFTH_CHANGE, writeFifthChange } from '../tools/story/fifth-change.mjs';
import { freePort, OrdersRelease } from './harness/orders.mjs';
import { Platform } from './harness/platform.mjs';
import { Sandbox } from './harness/sandbox.mjs';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

it('an application that is told to end in the middle of a change finishes it, opens no port and leaves no lock', async () => {
  const platform = await Platform.start(sandbox);
  const goAhead = sandbox.path('go-ahead');
  const release = await new OrdersRelease(sandbox, platform.urls).next((changes) =>
    writeFifthChange(changes, goAhead),
  );
  const port = await freePort();
  const watch = sandbox.watchPort(port);

  const child = release.start(port);
  await child.line(/takes its time/);
  child.signal('SIGTERM');
  await child.line(/SIGTERM received/);
  await writeFile(goAhead, '');
  await expect(child.exited).resolves.toEqual({ code: null, signal: 'SIGTERM' });
  expect(child.output).toContain(`✔ ${FIFTH_CHANGE}`);
  await watch.stop();
  expect(watch.opened).toBe(false);

  const next = release.start(port);
  await next.line(/^ready on /);
  expect(next.output).toContain('nothing to apply: 5 changes applied already');
});

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Child } from '../../harness/child.mjs';
import { freePort } from '../../harness/orders.mjs';
import { Sandbox } from '../../harness/sandbox.mjs';

const README = fileURLToPath(new URL('../../../packages/express/README.md', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

describe('The example of the README of Express', () => {
  let sandbox: Sandbox;
  let port: number;
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    port = await freePort();
    const [application = '', change = ''] = await examples();
    await mkdir(sandbox.path('changes'));
    await writeFile(sandbox.path('package.json'), JSON.stringify({ type: 'module' }));
    // Its database lies in the working directory.
    await writeFile(sandbox.path('main.js'), application.replace('orders.db', sandbox.path('orders.db')));
    await writeFile(sandbox.path('changes', '_0001__CreateOrders.js'), change);
    await symlink(MODULES, sandbox.path('node_modules'));
  });
  afterEach(() => sandbox.close());

  function start(): Child {
    return sandbox.start('the example', [sandbox.path('main.js')], {
      FLAMINGOCK_ENV: 'test',
      PORT: String(port),
    });
  }

  /** Asks until the application listens. */
  async function ask(path: string): Promise<Response> {
    for (;;) {
      try {
        return await fetch(`http://127.0.0.1:${port}${path}`);
      } catch {
        await pause(20);
      }
    }
  }

  it('applies its change, serves, and ends by the signal; the next start has nothing to apply', async () => {
    const first = start();
    expect(await (await ask('/orders')).json()).toEqual([]);
    expect(first.output).toContain('✔ _0001__CreateOrders');
    const ready = await ask('/health/ready');
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { status: 'ok', info: { flamingock: { state: 'ready', applied: 1, pending: 0 } } },
    ]);
    expect(await first.stop()).toEqual({ code: null, signal: 'SIGTERM' });

    const next = start();
    expect((await ask('/orders')).status).toBe(200);
    expect(next.output).toContain('nothing to apply: 1 change applied already');
  });

  it('ends with 1 where its change fails, and opens no port', async () => {
    await writeFile(
      sandbox.path('changes', '_0002__Fails.js'),
      `import { defineChange } from '@flamingock/core';
       import { SqlExecutor } from '@flamingock/sql';
       export default defineChange({
         id: 'fails',
         inject: { sql: SqlExecutor },
         apply: ({ sql }) => sql.execute('ALTER TABLE orderz ADD COLUMN total integer'),
       });`,
    );
    const watch = sandbox.watchPort(port);
    const child = start();
    expect(await child.exited).toEqual({ code: 1, signal: null });
    await watch.stop();
    expect(watch.opened).toBe(false);
    expect(child.output.match(/no such table: orderz/g)).toHaveLength(1);
  });
});

/** What stands under "Twenty lines": the application and its change. */
async function examples(): Promise<readonly string[]> {
  const section = (await readFile(README, 'utf8')).split('## Twenty lines')[1] ?? '';
  return [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { postgres, type Postgres, startPostgres } from '../../../tools/services/postgres.mjs';
import type { Child } from '../../harness/child.mjs';
import { Sandbox } from '../../harness/sandbox.mjs';

const README = fileURLToPath(new URL('../../../packages/fastify/README.md', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('The example of the README of Fastify', () => {
  let server: Postgres;
  let sandbox: Sandbox;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    const [application = '', change = ''] = await examples();
    await mkdir(sandbox.path('changes'));
    await writeFile(sandbox.path('package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(sandbox.path('server.js'), application);
    await writeFile(sandbox.path('changes', '_0001__CreateShipments.js'), change);
    await symlink(MODULES, sandbox.path('node_modules'));
  });
  afterEach(() => sandbox.close());

  function start(environment: Readonly<Record<string, string>>): Child {
    return sandbox.start('the example', [sandbox.path('server.js')], {
      FLAMINGOCK_ENV: 'test',
      PORT: '0',
      ...environment,
    });
  }

  it('applies its change, serves, and ends by the signal; the next start has nothing to apply', async () => {
    const { url: DATABASE_URL } = await server.createDatabase();
    const first = start({ DATABASE_URL });
    const url = await listening(first);
    expect(first.output).toContain('✔ _0001__CreateShipments');
    expect(await (await fetch(`${url}/shipments`)).json()).toEqual([]);
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      info: { flamingock: { state: 'ready', applied: 1, pending: 0 } },
    });
    expect(await first.stop()).toEqual({ code: null, signal: 'SIGTERM' });

    const next = start({ DATABASE_URL });
    await listening(next);
    expect(next.output).toContain('nothing to apply: 1 change applied already');
  });

  it('opens no port and ends with 1 where its database does not answer, without its password', async () => {
    const child = start({ DATABASE_URL: 'postgres://shipping:hunter2@127.0.0.1:1/shipping' });
    await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
    expect(child.output).toContain('FLG_STORE_UNREACHABLE');
    expect(child.output).not.toContain('hunter2');
    expect(child.output).not.toContain('Server listening');
  });
});

/** What stands under "Twenty lines": the application and its change. */
async function examples(): Promise<readonly string[]> {
  const section = (await readFile(README, 'utf8')).split('## Twenty lines')[1] ?? '';
  return [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

async function listening(child: Child): Promise<string> {
  const [, url = ''] = await child.line(/Server listening at (http:\/\/127[^"]+)/);
  return url;
}

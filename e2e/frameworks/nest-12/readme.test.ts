import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Child } from '../../harness/child.mjs';
import { freePort } from '../../harness/orders.mjs';
import { Sandbox } from '../../harness/sandbox.mjs';
import { compiled } from './build.js';

const README = fileURLToPath(new URL('../../../packages/nestjs/README.md', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** What `nest new` writes, but for the port. */
const MAIN = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
const application = await NestFactory.create(AppModule);
await application.listen(process.env['PORT'], '127.0.0.1');
console.log('listening');`;

describe('The example of the README of NestJS', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    const [application = '', change = ''] = await examples();
    await mkdir(sandbox.path('changes'));
    await writeFile(sandbox.path('package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(sandbox.path('main.js'), MAIN);
    // Its databases lie in the working directory.
    const placed = application.replace(/(orders|audit)\.db/g, (name) => sandbox.path(name));
    await writeFile(sandbox.path('app.module.js'), compiled(placed));
    await writeFile(sandbox.path('changes', '_0001__AddPaymentMethodColumn.js'), compiled(change));
    await symlink(MODULES, sandbox.path('node_modules'));
    orders((database) =>
      database.exec(`CREATE TABLE orders (id integer PRIMARY KEY); INSERT INTO orders VALUES (1)`),
    );
  });
  afterEach(() => sandbox.close());

  function orders<T>(work: (database: Database.Database) => T): T {
    const database = new Database(sandbox.path('orders.db'));
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  async function started(): Promise<Child> {
    const port = String(await freePort());
    const child = sandbox.start('the example', [sandbox.path('main.js')], {
      FLAMINGOCK_ENV: 'test',
      PORT: port,
      NO_COLOR: '1',
    });
    await child.line(/^listening/m);
    return child;
  }

  it('applies its change before it listens; the next start has nothing to apply', async () => {
    const first = await started();
    expect(first.output.replace(/listening[^]*/, '')).toContain('✔ _0001__AddPaymentMethodColumn');
    expect(orders((database) => database.prepare('SELECT * FROM orders').all())).toEqual([
      { id: 1, payment_method: 'UNSET' },
    ]);
    await first.stop();
    expect((await started()).output).toContain('nothing to apply: 1 change applied already');
  });
});

/** What stands under "Twenty lines": the application and its change. */
async function examples(): Promise<readonly string[]> {
  const section = (await readFile(README, 'utf8')).split('## Twenty lines')[1] ?? '';
  return [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

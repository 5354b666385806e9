import { access, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { CommandLine } from './command-line.js';

const README = new URL('./README.md', import.meta.resolve('@flamingock/cli/package.json'));
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const LONG = 60_000;

/** What a person writes into a change. */
const change = (id: string, statement: string): string => `import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: '${id}',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute('${statement}'),
});
`;
const CREATE = change('create-orders', 'CREATE TABLE orders (id integer PRIMARY KEY)');
const ADD = change('add-payment-method-column', 'ALTER TABLE orders ADD COLUMN payment_method text');

/** Throws where there is no such file. */
async function rewrite(file: string, text: string): Promise<void> {
  await access(file);
  await writeFile(file, text);
}

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('The README of the command line', () => {
  let server: Postgres;
  let sandbox: Sandbox;
  let readme: string;
  let commandLine: CommandLine;

  beforeAll(async () => {
    server = await startPostgres();
    sandbox = await Sandbox.open();
    readme = await readFile(README, 'utf8');
    const [, config = ''] = /^`flamingock\.config\.ts` .*?^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
    await mkdir(sandbox.path('src/changes'), { recursive: true });
    await symlink(MODULES, sandbox.path('node_modules'));
    await writeFile(sandbox.path('flamingock.config.ts'), config);
    await writeFile(sandbox.path('src/changes/_0001__CreateOrders.ts'), CREATE);
    const [local, production] = [await server.createDatabase(), await server.createDatabase()];
    commandLine = new CommandLine({ ORDERS_URL: local.url, PRODUCTION_ORDERS_URL: production.url });
  }, LONG);
  afterAll(async () => {
    await sandbox.close();
    await server.stop();
  });

  test(
    'its configuration and its commands do what they say',
    async () => {
      const [, block = ''] = /^```sh\n(npx flamingock new .*?)^```$/ms.exec(readme) ?? [];
      const commands = [...block.matchAll(/^npx flamingock (.+)$/gm)].map(([, command = '']) => command);
      expect(commands.map((command) => command.split(' ')[0])).toEqual(['new', 'plan', 'apply', 'status']);
      const added = sandbox.path('src/changes/_0002__AddPaymentMethodColumn.ts');
      const printed: string[] = [];
      for (const command of commands) {
        const config = ['-c', join(sandbox.directory, 'flamingock.config.ts')];
        const { code, stdout, stderr } = await commandLine.run(...command.split(' '), ...config);
        expect({ command, code, told: code === 0 ? '' : stderr }).toEqual({ command, code: 0, told: '' });
        printed.push(stdout);
        // The stub that was written says of itself that it is none yet.
        if (command.startsWith('new ')) await rewrite(added, ADD);
      }
      const [, planned, applied, status] = printed;
      expect(planned).toMatch(/^apply\s+_0001__CreateOrders\s+orders-db/);
      expect(applied).toBe('applied _0001__CreateOrders\napplied _0002__AddPaymentMethodColumn\n');
      // Another environment, with a database and a ledger of its own.
      expect(status).toContain('orders / production  2 pending');
    },
    LONG,
  );
});

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
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

const CHANGE = `import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'create-orders',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute('CREATE TABLE orders (id integer PRIMARY KEY)'),
});
`;

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
    await writeFile(sandbox.path('src/changes/_0001__CreateOrders.ts'), CHANGE);
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
      const [, block = ''] = /^```sh\n(npx flamingock plan .*?)^```$/ms.exec(readme) ?? [];
      const commands = [...block.matchAll(/^npx flamingock (.+)$/gm)].map(([, command = '']) => command);
      expect(commands.map((command) => command.split(' ')[0])).toEqual(['plan', 'apply', 'status']);
      const printed: string[] = [];
      for (const command of commands) {
        const config = ['-c', join(sandbox.directory, 'flamingock.config.ts')];
        const { code, stdout, stderr } = await commandLine.run(...command.split(' '), ...config);
        expect({ command, code, told: code === 0 ? '' : stderr }).toEqual({ command, code: 0, told: '' });
        printed.push(stdout);
      }
      const [planned, applied, status] = printed;
      expect(planned).toMatch(/^apply\s+_0001__CreateOrders\s+orders-db/);
      expect(applied).toBe('applied _0001__CreateOrders\n');
      // Another environment, with a database and a ledger of its own.
      expect(status).toContain('orders / production  1 pending');
    },
    LONG,
  );
});

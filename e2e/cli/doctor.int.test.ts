import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { createFakeClock, libfaketime } from '../../tools/services/libfaketime.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { startTcpProxy } from '../../tools/services/tcp-proxy.mjs';
import { openDatabase } from './project/open-database.js';
import { Sandbox } from '../harness/sandbox.mjs';
import { CommandLine, type Finished } from './command-line.js';
import { problemsOf } from './schemas.js';
import { Starter } from './starter.js';
import { PACKAGES, plainEsm } from './starters.js';

const LONG = 90_000;

/** A ledger in one database, and a target in another one. */
const CONFIG = `import { defineConfig } from '@flamingock/cli';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import Database from 'better-sqlite3';
import pg from 'pg';
const database = ({ open, secret }, name) => {
  const address = secret(name);
  return address.startsWith('postgres')
    ? open(name, () => new pg.Pool({ connectionString: address }), (pool) => pool.end())
    : open(name, () => new Database(address), (file) => file.close());
};
export default defineConfig({
  service: 'orders',
  environments: { local: { disposable: true, secrets: { audit: 'AUDIT_URL', orders: 'ORDERS_URL' } }, production: {} },
  storeTimeoutMs: 2000,
  auditStore: (context) => sqlAuditStore(database(context, 'audit')),
  targets: (context) => ({ 'orders-db': sqlTarget(database(context, 'orders')) }),
  changes: { directory: './changes' },
});
`;
const CHANGE = `import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
export default defineChange({
  id: 'create-orders',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute('CREATE TABLE orders (id integer)'),
});
`;

interface Addresses {
  readonly audit: string;
  readonly orders: string;
}

interface Finding {
  readonly check: string;
  readonly severity: string;
  readonly code?: string;
  readonly message: string;
}

let starter: Starter;
let addresses: Addresses;
let commandLine: CommandLine;

/** @param make an address for a database of this name */
async function open(make: (name: string) => Promise<string>): Promise<void> {
  starter = await Starter.open({
    manifest: plainEsm({ ...PACKAGES.sqlite, ...PACKAGES.postgres }).manifest,
    files: { 'flamingock.config.mjs': CONFIG, 'changes/_0001__CreateOrders.js': CHANGE },
  });
  addresses = { audit: await make('audit'), orders: await make('orders') };
  commandLine = starter.commandLine.with({ AUDIT_URL: addresses.audit, ORDERS_URL: addresses.orders });
}

async function send(address: string, ...statements: readonly string[]): Promise<void> {
  const { database, end } = openDatabase(address);
  for (const statement of statements)
    await ('exec' in database ? database.exec(statement) : database.query(statement));
  await end();
}

/** What is wrong, by `--json`. */
async function wrong(on = commandLine, ...parameters: readonly string[]): Promise<readonly Finding[]> {
  const answer = await on.json('doctor', '-e', 'local', ...parameters);
  expect(problemsOf('doctor', answer)).toBeUndefined();
  const findings = answer['findings'] as readonly Finding[];
  const bad = findings.filter(({ severity }) => severity === 'warning' || severity === 'error');
  expect(answer['ok']).toBe(!bad.some(({ severity }) => severity === 'error'));
  return bad;
}

function describeChecks(make: (name: string) => Promise<string>): void {
  beforeEach(() => open(make));
  afterEach(() => starter.close());

  test(
    'find nothing where all is well, before and after the first run, and claim nothing',
    async () => {
      const before = await commandLine.run('doctor', '-e', 'local');
      expect(before).toMatchObject({ code: 0, stderr: '' });
      expect(before.stdout).toMatch(/✔ store +answers, as an empty ledger/);
      expect(before.stdout).toMatch(
        /✔ target orders-db +\w+, answers; no change of the ledger has a fence there yet/,
      );
      await commandLine.run('apply', '-e', 'local');
      const entries = (await commandLine.json('audit', 'list', '-e', 'local'))['entries'];
      const after = await commandLine.run('doctor', '-e', 'local');
      expect(after.code).toBe(0);
      expect(after.stdout).toMatch(
        /✔ target orders-db +\w+, answers; in order with the ledger[^]*nothing is wrong\n$/,
      );
      expect((await commandLine.json('audit', 'list', '-e', 'local'))['entries']).toEqual(entries);
    },
    LONG,
  );

  test(
    'tell of a target that is behind its ledger, and of tables of another release',
    async () => {
      await commandLine.run('apply', '-e', 'local');
      await send(addresses.orders, 'DELETE FROM flamingock_fence');
      const behind = await commandLine.run('doctor', '-e', 'local');
      expect(behind.code).toBe(2);
      expect(behind.stdout).toMatch(
        /✘ target orders-db +It is behind its ledger[^]*-> .*flamingock target adopt orders-db -e local/,
      );

      await send(addresses.audit, 'UPDATE flamingock_schema SET version = 99');
      expect(await wrong()).toEqual([expect.objectContaining({ check: 'store', code: 'FLG_STORE_VERSION' })]);
    },
    LONG,
  );

  test(
    'tell everything together: rejected changes, and a secret that is missing',
    async () => {
      await starter.write('changes/_0001__Again.js', CHANGE.replace('create-orders', 'again'));
      await starter.write('changes/helper.js', 'export {};');
      const findings = await wrong(commandLine.with({ ORDERS_URL: '' }));
      expect(findings.map(({ check, code }) => [check, code])).toEqual([
        ['changes', 'FLG_CHANGE_NAME'],
        ['changes', 'FLG_CHANGE_ORDER_DUPLICATE'],
        ['targets', 'FLG_SECRET_MISSING'],
      ]);
    },
    LONG,
  );

  test(
    'look at the store, too, where the application cannot be built',
    async () => {
      await starter.edit(
        'flamingock.config.mjs',
        /targets: [^]*\n}\);/,
        "application: './application.mjs',\n});",
      );
      await starter.write(
        'application.mjs',
        "export default () => { throw new Error('the broker is not configured'); };",
      );
      const { code, stdout } = await commandLine.run('doctor', '-e', 'local');
      expect(code).toBe(2);
      expect(stdout).toMatch(/✔ store +answers/);
      expect(stdout).toMatch(/✘ application +FLG_APPLICATION_INVALID: .*the broker is not configured/);
    },
    LONG,
  );
}

describe('The checks of doctor, on SQLite', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.open();
  });
  afterEach(() => sandbox.close());
  describeChecks((name) => Promise.resolve(sandbox.path(`${name}.db`)));
});

const describeWithServers = await describeWith(postgres, libfaketime);
describeWithServers('The checks of doctor, on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  describeChecks(async () => (await server.createDatabase()).url);

  test(
    'tell of rights that are missing, with the statements that grant them',
    async () => {
      await commandLine.run('apply', '-e', 'local');
      await send(addresses.audit, `CREATE ROLE reader LOGIN PASSWORD 's3cretpass'`);
      const url = new URL(addresses.audit);
      [url.username, url.password] = ['reader', 's3cretpass'];
      const { code, stdout, stderr } = await commandLine
        .with({ AUDIT_URL: url.href })
        .run('doctor', '-e', 'local');
      expect(code).toBe(2);
      expect(stdout).toMatch(/✘ store +FLG_STORE_PERMISSION: The role "reader"[^]*GRANT SELECT ON TABLE/);
      expect(stdout + stderr).not.toContain('s3cret');

      // Reading is enough for a start with nothing to do, and not for the next change.
      await send(addresses.audit, 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader');
      expect(await wrong(commandLine.with({ AUDIT_URL: url.href }))).toEqual([
        expect.objectContaining({
          check: 'rights',
          code: 'FLG_STORE_PERMISSION',
          message: expect.stringMatching(/lacks INSERT on public\.flamingock_ledger, INSERT, UPDATE on/),
        }),
      ]);
    },
    LONG,
  );

  test(
    'do not hang where a store or a target is silent, and ask the other one all the same',
    async () => {
      await commandLine.run('apply', '-e', 'local');
      const silent = async (which: keyof Addresses): Promise<Finished> => {
        const proxy = await startTcpProxy(addresses[which]);
        await proxy.setMode('silent');
        try {
          const variable = { audit: 'AUDIT_URL', orders: 'ORDERS_URL' }[which];
          return await commandLine
            .with({ [variable]: proxy.url })
            .run('doctor', '-e', 'local', '--timeout', '3s');
        } finally {
          await proxy.close();
        }
      };
      const store = await silent('audit');
      expect(store.code).toBe(2);
      expect(store.stdout).toMatch(/✘ store +(?:FLG_STORE_UNREACHABLE|There was no answer within 3 s)/);
      expect(store.stdout).toMatch(/✔ target orders-db +postgresql, answers; the ledger could not be read/);
      const target = await silent('orders');
      expect(target.code).toBe(2);
      expect(target.stdout).toMatch(/✔ store +answers/);
      expect(target.stdout).toMatch(/✘ target\S* .*(?:no answer within|did not answer within)/);
    },
    LONG,
  );

  test(
    'warn of a clock that is not that of the store',
    async () => {
      const clock = await createFakeClock(starter.path('clock'));
      await clock.move(3_600_000);
      const findings = await wrong(commandLine.with(clock.environment));
      expect(findings).toEqual([
        expect.objectContaining({
          check: 'clock',
          severity: 'warning',
          message: 'The clock of the store is 60 min behind that of this machine.',
        }),
      ]);
    },
    LONG,
  );
});

describe('doctor', () => {
  afterEach(() => starter.close());

  test(
    'tells of the project alone where no environment is said, and keeps secrets',
    async () => {
      await open(() => Promise.resolve('postgres://orders:s3cretpass@127.0.0.1:1/x'));
      const alone = await commandLine.run('doctor');
      expect(alone.code).toBe(0);
      expect(alone.stdout).toMatch(/✔ changes +1 are declared[^]*1 warning\n$/);
      const unreachable = await commandLine.run('doctor', '-e', 'local');
      expect(unreachable.code).toBe(2);
      expect(unreachable.stdout).toMatch(/✘ store +FLG_STORE_UNREACHABLE/);
      expect(unreachable.stdout + unreachable.stderr).not.toContain('s3cret');
      expect(await commandLine.run('doctor', '-e', 'locl')).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("Did you mean 'local'?"),
      });
      expect(await commandLine.run('doctor', '--timeout', 'soon')).toMatchObject({ code: 2 });
    },
    LONG,
  );

  test(
    'wants of a configuration for the desk alone what the desk needs, and no more',
    async () => {
      starter = await Starter.open({
        ...plainEsm({ ...PACKAGES.sqlite, ...PACKAGES.postgres }),
        files: { 'flamingock.config.mjs': CONFIG.replace(/^ {2}(?:targets|changes):.*\n/gm, '') },
      });
      expect(await wrong(starter.commandLine.with({ AUDIT_URL: starter.sandbox.path('audit.db') }))).toEqual(
        [],
      );
    },
    LONG,
  );

  test(
    'tells what the build makes of the changes, without a configuration at all',
    async () => {
      starter = await Starter.open({
        ...plainEsm({ typescript: '5' }),
        files: {
          'tsconfig.json': '{ "compilerOptions": { "module": "commonjs", "experimentalDecorators": true } }',
          'src/changes/_0001__First.ts':
            "@Change({ id: 'a' })\nclass A {\n  @Apply()\n  async apply(sql: SqlExecutor) {}\n}",
        },
      });
      const findings = await wrong(starter.commandLine);
      expect(findings.map(({ check, code }) => [check, code])).toEqual([
        ['configuration', 'FLG_CONFIG_MISSING'],
        ['modules', undefined],
        ['decorators', undefined],
      ]);
    },
    LONG,
  );
});

import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { DOWN, ENTER } from './command-line.js';
import { problemsOf } from './schemas.js';
import { Starter } from './starter.js';
import { PACKAGES, plainEsm } from './starters.js';

const LONG = 60_000;

let starter: Starter;
afterEach(() => starter.close());

/** A configuration with these targets, by what makes each. */
function config(changes: string, targets: Readonly<Record<string, string>>): string {
  const made = Object.entries(targets).map(([name, target]) => `'${name}': ${target}`);
  return `import { defineConfig } from '@flamingock/cli';
import { httpTarget, memoryAuditStore, target } from '@flamingock/core';
import { sqlTarget } from '@flamingock/sql';
import pg from 'pg';
export default defineConfig({
  service: 'orders',
  environments: { local: { disposable: true } },
  auditStore: () => memoryAuditStore(),
  targets: ({ secret }) => ({ ${made.join(', ')} }),
  changes: ${changes},
});
`;
}

const DIRECTORY = "{ directory: './changes' }";
const HTTP = "httpTarget({ baseUrl: 'http://gateway.internal' })";
const GENERIC = 'target({ clients: [] })';
const POOL = "sqlTarget(new pg.Pool({ connectionString: secret('DATABASE_URL') }))";

async function open(files: Readonly<Record<string, string>>): Promise<Starter> {
  const { manifest } = plainEsm({ ...PACKAGES.postgres, '@flamingock/sql': '*' });
  starter = await Starter.open({ manifest, files });
  return starter;
}

describe('new', () => {
  test(
    'begins a sequence for the only target, with its client',
    async () => {
      const { commandLine } = await open({ 'flamingock.config.mjs': config(DIRECTORY, { gateway: HTTP }) });
      expect(await commandLine.run('new', 'AllowPaymentMethod')).toEqual({
        code: 0,
        stdout: 'changes/_0001__AllowPaymentMethod.js\n',
        stderr: '',
      });
      expect(await starter.read('changes/_0001__AllowPaymentMethod.js')).toBe(
        `import { defineChange, HttpClient, NotApplied } from '@flamingock/core';

export default defineChange({
  id: 'allow-payment-method',
  targetSystem: 'gateway',
  inject: { http: HttpClient },
  async apply({ http }) {
    throw new NotApplied('_0001__AllowPaymentMethod is not written yet');
  },
  async rollback({ http }) {
    throw new Error('The rollback of _0001__AllowPaymentMethod is not written yet');
  },
});
`,
      );
    },
    LONG,
  );

  test(
    'goes on in the style of the project, beside its last change',
    async () => {
      const change = `import { defineChange } from "@flamingock/core"
import { SqlExecutor } from "@flamingock/sql"

export default defineChange({
\tid: "create_orders",
\tauthor: "orders-team",
\ttargetSystem: "orders-db",
\tinject: { orders: SqlExecutor },
\tasync apply({ orders }) {
\t\tawait orders.execute("CREATE TABLE orders (id integer)")
\t},
})
`;
      const { commandLine } = await open({
        'flamingock.config.mjs': config(DIRECTORY, { 'orders-db': POOL, gateway: HTTP }),
        'changes.lock': '',
        'changes/2025/_041__create_orders.mjs': change,
        'changes/_007__older_one.mjs': change.replace('create_orders', 'older_one'),
      });
      const answer = await commandLine.json('new', 'AddTotals');
      expect((await commandLine.run('new', 'AddTaxes')).stderr).toContain('`flamingock check --fix`');
      expect(problemsOf('new', answer)).toBeUndefined();
      expect(answer).toMatchObject({
        path: 'changes/2025/_042__add_totals.mjs',
        id: 'add_totals',
        targetSystem: 'orders-db',
        form: 'function',
      });
      expect(await starter.read('changes/2025/_042__add_totals.mjs')).toBe(
        `import { defineChange, NotApplied } from "@flamingock/core"
import { SqlExecutor } from "@flamingock/sql"

export default defineChange({
\tid: "add_totals",
\tauthor: "orders-team",
\ttargetSystem: "orders-db",
\tinject: { orders: SqlExecutor },
\tasync apply({ orders }) {
\t\tthrow new NotApplied("_042__add_totals is not written yet")
\t},
})
`,
      );
    },
    LONG,
  );

  test(
    'refuses what it would have to guess, with a way out, and writes nothing',
    async () => {
      const { commandLine } = await open({
        'flamingock.config.mjs': config(DIRECTORY, { 'orders-db': GENERIC, gateway: HTTP }),
      });
      const refused = async (parameters: readonly string[], hint: RegExp): Promise<void> => {
        expect(await commandLine.run('new', ...parameters)).toMatchObject({
          code: 2,
          stdout: '',
          stderr: expect.stringMatching(hint),
        });
      };
      await refused(['AddTotals'], /Add --target <name>\. Known: orders-db, gateway\./);
      await refused(['AddTotals', '--target', 'order-db'], /Did you mean 'orders-db'\?/);
      await refused(['_0002__add totals.ts'], /For example: flamingock new AddTotals/);
      await refused(['AddTotals', '--folder', 'elsewhere', '--target', 'gateway'], /is not below changes/);
      expect(await readdir(starter.path())).not.toContain('changes');

      await commandLine.run('new', 'AddTotals', '--target', 'gateway', '--folder', 'changes/totals');
      await refused(['add-totals'], /the id 'add-totals': changes\/totals\/_0001__AddTotals\.js/);
    },
    LONG,
  );

  test(
    'asks on a terminal which target is meant',
    async () => {
      await open({ 'flamingock.config.mjs': config(DIRECTORY, { 'orders-db': GENERIC, gateway: HTTP }) });
      const { code } = await starter.commandLine.terminal(
        ['new', 'AddTotals'],
        [{ expect: 'Which target system', send: `${DOWN}${ENTER}` }],
      );
      expect(code).toBe(0);
      expect(await starter.read('changes/_0001__AddTotals.js')).toContain("targetSystem: 'gateway'");
    },
    LONG,
  );

  test(
    'needs neither the secrets nor, where everything is said, a configuration that can be loaded',
    async () => {
      const { commandLine } = await open({
        'flamingock.config.mjs': config(DIRECTORY, { 'orders-db': POOL }),
      });
      expect(await commandLine.run('new', 'AddTotals', '--target', 'orders-db')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("'orders-db' is taken as it is"),
      });
      // One that is nearly the same is a typing error.
      expect(await commandLine.run('new', 'AddTaxes', '--target', 'orders-dv')).toMatchObject({ code: 2 });
      await starter.write('flamingock.config.mjs', 'this is no JavaScript');
      expect(await commandLine.run('new', 'AddTaxes')).toMatchObject({ code: 2 });
      const said = ['--target', 'orders-db', '--folder', 'changes'];
      expect(await commandLine.run('new', 'AddTaxes', ...said)).toMatchObject({
        code: 0,
        stdout: 'changes/_0002__AddTaxes.js\n',
      });
    },
    LONG,
  );

  test(
    'writes where the sources are, also where the configuration names what the build writes',
    async () => {
      starter = await Starter.open({
        ...plainEsm({ ...PACKAGES.postgres, typescript: '5' }),
        files: {
          'flamingock.config.mjs': config("{ directory: './dist/changes' }", { gateway: HTTP }),
          'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "module": "nodenext" } }',
          'src/changes/_0001__First.ts':
            "export default defineChange({ id: 'first', targetSystem: 'gateway' });",
        },
      });
      expect(await starter.commandLine.run('new', 'Second')).toMatchObject({
        stdout: 'src/changes/_0002__Second.ts\n',
      });
    },
    LONG,
  );

  test(
    'says of a change that somebody has to list it',
    async () => {
      const { commandLine } = await open({ 'flamingock.config.mjs': config('[]', { gateway: HTTP }) });
      expect(await commandLine.run('new', 'First', '--folder', 'changes')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('add this one to the list'),
      });
    },
    LONG,
  );

  test(
    'numbers by time stamps, always above what is there',
    async () => {
      const { commandLine } = await open({ 'flamingock.config.mjs': config(DIRECTORY, { gateway: HTTP }) });
      await commandLine.run('new', 'First');
      const stamped = String((await commandLine.json('new', 'Second', '--numbering', 'timestamp'))['path']);
      expect(stamped).toMatch(/^changes\/_20\d{12}__Second\.js$/);
      const next = String((await commandLine.json('new', 'Third'))['path']);
      expect(next).toMatch(/^changes\/_20\d{12}__Third\.js$/);
      const order = (path: string): bigint => BigInt(/_(\d+)__/.exec(path)?.[1] ?? '');
      expect(order(next)).toBeGreaterThan(order(stamped));
    },
    LONG,
  );
});

const describeWithPostgres = await describeWith(postgres);
describeWithPostgres('new, on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test(
    'what is not written yet fails, leaves nothing, and is applied once it is written',
    async () => {
      starter = await Starter.open(plainEsm(PACKAGES.postgres), server);
      const { commandLine } = starter;
      await commandLine.run('init');
      await commandLine.run('new', 'AddTotals');
      expect(await commandLine.run('apply', '-e', 'local')).toMatchObject({ code: 5 });
      expect(await commandLine.json('status', '-e', 'local')).toMatchObject({
        counts: { applied: 1, pending: 1, blocked: 0 },
      });
      await starter.edit(
        'changes/_0002__AddTotals.js',
        /throw new NotApplied\(.*/,
        "await sql.execute('CREATE TABLE totals (id integer)');",
      );
      expect(await commandLine.run('apply', '-e', 'local')).toMatchObject({ code: 0 });
    },
    LONG,
  );
});

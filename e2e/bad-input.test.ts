import 'reflect-metadata';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Apply,
  Change,
  createFlamingock,
  defineChange,
  httpTarget,
  isFlamingockError,
  TargetSystem,
  type ErrorCode,
  type FlamingockError,
  type FlamingockOptions,
} from '@flamingock/core';
import { sqlAuditStore, SqlExecutor, sqlTarget } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { Sandbox } from './harness/sandbox.mjs';

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

class ContractClient {}
class NamingRules {}

/** Stands first in every sequence. That it has not run shows that nothing has. */
const good = defineChange({
  id: 'good',
  order: 1,
  name: 'Good',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute(`INSERT INTO effects (name) VALUES ('good')`),
});
const nothing = { targetSystem: 'orders-db', apply: () => undefined } as const;

const GOOD_FILE = `
import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
export default defineChange({
  id: 'good',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute("INSERT INTO effects (name) VALUES ('good')"),
});`;
const definition = (id: string): string => `
import { defineChange } from '@flamingock/core';
export default defineChange({ id: '${id}', targetSystem: 'orders-db', apply() {} });`;

let sandbox: Sandbox;
let audit: Database.Database;
let orders: Database.Database;

beforeEach(async () => {
  sandbox = await Sandbox.open();
  audit = new Database(sandbox.path('audit.db'));
  orders = new Database(sandbox.path('orders.db'));
  orders.exec('CREATE TABLE effects (name text NOT NULL)');
});
afterEach(async () => {
  audit.close();
  orders.close();
  await sandbox.close();
});

function start(options: object): Promise<unknown> {
  const defaults = {
    service: 'orders',
    environment: 'test',
    auditStore: sqlAuditStore(audit),
    targets: {
      'orders-db': sqlTarget(orders),
      'api-contracts': httpTarget({ clients: [ContractClient] }),
      'partner-contracts': httpTarget({ clients: [ContractClient] }),
    },
    dependencies: [{ token: ContractClient, value: new ContractClient() }],
    changes: [good],
    logger: false,
  } satisfies FlamingockOptions;
  return (async () => createFlamingock({ ...defaults, ...options }).run())();
}

async function failureOf(promise: Promise<unknown>): Promise<FlamingockError> {
  const error: unknown = await promise.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  if (!isFlamingockError(error)) throw new Error('expected a coded error', { cause: error });
  return error;
}

/** Every table of both databases with all of its rows, read past the engine. */
function contents(): unknown {
  return ['audit.db', 'orders.db'].map((file) => {
    const database = new Database(sandbox.path(file), { readonly: true });
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .pluck()
      .all() as string[];
    const rows = tables.map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).all()]);
    database.close();
    return rows;
  });
}

/** Writes files into a folder of changes beside the good one. */
async function directoryOf(files: Readonly<Record<string, string>>): Promise<{ directory: string }> {
  const directory = sandbox.path('changes');
  await mkdir(directory);
  await symlink(NODE_MODULES, sandbox.path('node_modules'));
  for (const [name, text] of Object.entries(files)) await writeFile(sandbox.path('changes', name), text);
  return { directory };
}

interface BadInput {
  readonly what: string;
  readonly code: ErrorCode;
  /** What the message has to name. */
  readonly names: readonly string[];
  readonly options: () => object | Promise<object>;
}

@Change({ id: 'unresolved', order: 2 })
@TargetSystem('api-contracts')
class _0002__Unresolved {
  @Apply()
  apply(_contracts: ContractClient, _naming: NamingRules): void {}
}

@Change({ id: 'unbound', order: 2 })
@TargetSystem('orders-db')
class _0002__Unbound {
  @Apply()
  apply(_sql: SqlExecutor, _naming: NamingRules): void {}
}

interface Naming {
  readonly suffix: string;
}

@Change({ id: 'untyped', order: 2 })
@TargetSystem('orders-db')
class _0002__Untyped {
  @Apply()
  apply(_sql: SqlExecutor, _naming: Naming): void {}
}

@Change({ id: 'ambiguous', order: 2 })
class _0002__Ambiguous {
  @Apply()
  apply(_contracts: ContractClient): void {}
}

const BAD_INPUTS: readonly BadInput[] = [
  {
    what: 'two changes with one id',
    code: 'FLG_CHANGE_ID_DUPLICATE',
    names: ['_0001__Good.mjs', '_0002__Again.mjs', "'good'"],
    options: async () => ({
      changes: await directoryOf({ '_0001__Good.mjs': GOOD_FILE, '_0002__Again.mjs': definition('good') }),
    }),
  },
  {
    what: 'two changes with one order',
    code: 'FLG_CHANGE_ORDER_DUPLICATE',
    names: ['_0001__Good.mjs', '_0001__Other.mjs'],
    options: async () => ({
      changes: await directoryOf({ '_0001__Good.mjs': GOOD_FILE, '_0001__Other.mjs': definition('other') }),
    }),
  },
  {
    what: 'one order written in two ways',
    code: 'FLG_CHANGE_ORDER_DUPLICATE',
    names: ['_01__Good.mjs', '_1__Other.mjs'],
    options: async () => ({
      changes: await directoryOf({ '_01__Good.mjs': GOOD_FILE, '_1__Other.mjs': definition('other') }),
    }),
  },
  {
    what: 'a name without a prefix',
    code: 'FLG_CHANGE_NAME',
    names: ['AddColumn.mjs'],
    options: async () => ({
      changes: await directoryOf({ '_0001__Good.mjs': GOOD_FILE, 'AddColumn.mjs': definition('add-column') }),
    }),
  },
  {
    what: 'an unknown target system',
    code: 'FLG_TARGET_UNKNOWN',
    names: ['_0002__Misspelt', "'order-db'", "Did you mean 'orders-db'?"],
    options: () => ({
      changes: [
        good,
        defineChange({ ...nothing, id: 'misspelt', order: 2, name: 'Misspelt', targetSystem: 'order-db' }),
      ],
    }),
  },
  {
    what: 'a change that fits two targets',
    code: 'FLG_TARGET_AMBIGUOUS',
    names: ['_0002__Ambiguous', "'api-contracts'", "'partner-contracts'"],
    options: () => ({ changes: [good, _0002__Ambiguous] }),
  },
  {
    what: 'a parameter that cannot be resolved',
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    names: ['_0002__Unresolved', 'NamingRules', 'apply() parameter 2', 'dependencies', 'optional'],
    options: () => ({ changes: [good, _0002__Unresolved] }),
  },
  {
    what: 'a class that was built without decorator metadata',
    code: 'FLG_METADATA_MISSING',
    names: ['_0002__NoMetadata.mjs', 'emitDecoratorMetadata'],
    options: async () => ({
      changes: await directoryOf({
        '_0001__Good.mjs': GOOD_FILE,
        '_0002__NoMetadata.mjs': `
import { Apply, Change, TargetSystem } from '@flamingock/core';
export class _0002__NoMetadata { apply(sql) {} }
Apply()(_0002__NoMetadata.prototype, 'apply', Object.getOwnPropertyDescriptor(_0002__NoMetadata.prototype, 'apply'));
TargetSystem('orders-db')(_0002__NoMetadata);
Change({ id: 'no-metadata' })(_0002__NoMetadata);`,
      }),
    }),
  },
  {
    what: 'a parameter whose type is an interface',
    code: 'FLG_PARAMETER_UNKNOWN',
    names: ['_0002__Untyped', 'apply() parameter 2'],
    options: () => ({ changes: [good, _0002__Untyped] }),
  },
  {
    what: "a container's dependency in a transactional change",
    code: 'FLG_DEPENDENCY_UNBOUND',
    names: ['_0002__Unbound', 'NamingRules', 'apply() parameter 2', '@Outside()', 'effectFree'],
    options: () => ({
      changes: [good, _0002__Unbound],
      container: {
        name: 'Container',
        hint: 'Provide it',
        resolve: () => Promise.resolve({ value: new NamingRules() }),
      },
    }),
  },
  {
    what: 'an unknown option',
    code: 'FLG_OPTION_UNKNOWN',
    names: ['audtiStore', 'auditStore'],
    options: () => ({ audtiStore: sqlAuditStore(audit) }),
  },
  {
    what: 'no service',
    code: 'FLG_OPTION_INVALID',
    names: ['service'],
    options: () => ({ service: undefined }),
  },
  {
    what: 'no environment',
    code: 'FLG_OPTION_INVALID',
    names: ['environment'],
    options: () => ({ environment: undefined }),
  },
  {
    what: 'a directory that depends on the working directory',
    code: 'FLG_DIRECTORY_RELATIVE',
    names: ['src/changes'],
    options: () => ({ changes: { directory: 'src/changes' } }),
  },
  {
    what: 'a directory that is not there',
    code: 'FLG_DIRECTORY_UNREADABLE',
    names: ['no-such-folder'],
    options: () => ({ changes: { directory: sandbox.path('no-such-folder') } }),
  },
  {
    what: 'a directory without changes',
    code: 'FLG_DIRECTORY_EMPTY',
    names: ['changes'],
    options: async () => ({ changes: await directoryOf({}) }),
  },
  {
    what: 'a list without changes',
    code: 'FLG_DIRECTORY_EMPTY',
    names: [],
    options: () => ({ changes: [] }),
  },
  {
    what: 'a change file that throws on import',
    code: 'FLG_CHANGE_IMPORT',
    names: ['_0002__Throws.mjs', 'no licence'],
    options: async () => ({
      changes: await directoryOf({
        '_0001__Good.mjs': GOOD_FILE,
        '_0002__Throws.mjs': `throw new Error('no licence');`,
      }),
    }),
  },
  {
    what: 'a change file without a change',
    code: 'FLG_CHANGE_MISSING',
    names: ['_0002__Empty.mjs'],
    options: async () => ({
      changes: await directoryOf({
        '_0001__Good.mjs': GOOD_FILE,
        '_0002__Empty.mjs': 'export const nothing = 1;',
      }),
    }),
  },
  {
    what: 'an audit store that is closed',
    code: 'FLG_STORE_UNREACHABLE',
    names: ['sqlite'],
    options: () => {
      const closed = new Database(sandbox.path('audit.db'));
      closed.close();
      return { auditStore: sqlAuditStore(closed) };
    },
  },
  {
    what: 'an audit store that never answers',
    code: 'FLG_STORE_UNREACHABLE',
    names: ['300 ms'],
    options: () => ({
      auditStore: { ...sqlAuditStore(audit), read: () => new Promise(() => undefined) },
      storeTimeoutMs: 300,
    }),
  },
];

describe('Bad input is refused before anything runs', () => {
  it.each(BAD_INPUTS)('$what: $code', async ({ code, names, options }) => {
    const prepared = await options();
    const before = contents();

    const error = await failureOf(start(prepared));
    expect(error.code).toBe(code);
    for (const name of names) expect(error.message).toContain(name);
    expect(error.hint).not.toBe('');
    expect(contents()).toEqual(before);
  });

  it('refuses audit tables of another version', async () => {
    await start({});
    audit.exec('UPDATE flamingock_schema SET version = 99');
    const before = contents();

    const second = defineChange({ ...nothing, id: 'second', order: 2, name: 'Second' });
    const error = await failureOf(start({ changes: [good, second] }));
    expect(error.code).toBe('FLG_STORE_VERSION');
    expect(error.message).toContain('99');
    expect(contents()).toEqual(before);
  });

  it('gives up on an audit store that somebody else keeps locked', async () => {
    const other = new Database(sandbox.path('audit.db'));
    other.exec('BEGIN EXCLUSIVE');
    audit.pragma('busy_timeout = 50');
    await expect(failureOf(start({ storeTimeoutMs: 300 }))).resolves.toMatchObject({
      code: 'FLG_STORE_UNREACHABLE',
    });
    other.close();
  });

  it('tells everything that is wrong with a sequence at once', async () => {
    const error = await failureOf(
      start({
        changes: [
          good,
          defineChange({ ...nothing, id: 'good', order: 2, name: 'Again' }),
          defineChange({ ...nothing, id: 'misspelt', order: 3, name: 'Misspelt', targetSystem: 'order-db' }),
        ],
      }),
    );
    expect(error.code).toBe('FLG_SEVERAL_PROBLEMS');
    expect(error.problems.map((problem) => problem.code).sort()).toEqual([
      'FLG_CHANGE_ID_DUPLICATE',
      'FLG_TARGET_UNKNOWN',
    ]);
  });
});

describe('A change that only seems to succeed is failed, not applied', () => {
  const misbehaving = (apply: (sql: SqlExecutor) => Promise<unknown>) =>
    defineChange({
      id: 'misbehaving',
      order: 2,
      name: 'Misbehaving',
      targetSystem: 'orders-db',
      inject: { sql: SqlExecutor },
      apply: ({ sql }) => apply(sql),
    });

  it('when it swallows an SQL error: nothing of it remains', async () => {
    const swallowing = misbehaving(async (sql) => {
      await sql.execute(`INSERT INTO effects (name) VALUES ('misbehaving')`);
      await sql.execute('INSERT INTO no_such_table VALUES (1)').catch(() => undefined);
    });
    const error = await failureOf(start({ changes: [good, swallowing] }));
    expect(error.code).toBe('FLG_CHANGE_FAILED');
    expect(error.message).toContain('_0002__Misbehaving');
    expect(error.message).toContain('FLG_TRANSACTION_ABORTED');
    expect(orders.prepare('SELECT name FROM effects').pluck().all()).toEqual(['good']);
  });

  it('when it commits by itself: a person has to look', async () => {
    const committing = misbehaving(async (sql) => {
      await sql.execute(`INSERT INTO effects (name) VALUES ('misbehaving')`);
      await sql.execute('COMMIT');
    });
    const error = await failureOf(start({ changes: [good, committing] }));
    expect(error.code).toBe('FLG_ISSUE_OPEN');
    expect(error.message).toContain('_0002__Misbehaving');
    expect(error.message).toContain('FLG_TRANSACTION_BROKEN');
  });
});

import 'reflect-metadata';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Apply, Change, defineChange, httpTarget, TargetSystem, type ErrorCode } from '@flamingock/core';
import { sqlAuditStore, SqlExecutor, sqlTarget } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { GOOD_CHANGE, Service } from './harness/service.js';

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

class ContractClient {
  readonly system = 'contracts';
}
class NamingRules {
  readonly suffix = '_v2';
}

const NOTHING = { targetSystem: 'orders-db', apply: () => undefined } as const;

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

let service: Service;
beforeEach(async () => {
  service = await Service.open();
});
afterEach(() => service.close());

/** A folder of changes with these files. */
async function directoryOf(files: Readonly<Record<string, string>>): Promise<{ directory: string }> {
  const directory = service.sandbox.path('changes');
  await mkdir(directory);
  await symlink(NODE_MODULES, service.sandbox.path('node_modules'));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(service.sandbox.path('changes', name), text);
  }
  return { directory };
}

/** Two targets for one class of client. */
function contractTargets(): object {
  return {
    targets: {
      'orders-db': sqlTarget(service.orders),
      'api-contracts': httpTarget({ clients: [ContractClient] }),
      'partner-contracts': httpTarget({ clients: [ContractClient] }),
    },
    dependencies: [{ token: ContractClient, value: new ContractClient() }],
  };
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
        GOOD_CHANGE,
        defineChange({ ...NOTHING, id: 'misspelt', order: 2, name: 'Misspelt', targetSystem: 'order-db' }),
      ],
    }),
  },
  {
    what: 'a change that fits two targets',
    code: 'FLG_TARGET_AMBIGUOUS',
    names: ['_0002__Ambiguous', "'api-contracts'", "'partner-contracts'"],
    options: () => ({ ...contractTargets(), changes: [GOOD_CHANGE, _0002__Ambiguous] }),
  },
  {
    what: 'a parameter that cannot be resolved',
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    names: ['_0002__Unresolved', 'NamingRules', 'apply() parameter 2', 'dependencies', 'optional'],
    options: () => ({ ...contractTargets(), changes: [GOOD_CHANGE, _0002__Unresolved] }),
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
    options: () => ({ changes: [GOOD_CHANGE, _0002__Untyped] }),
  },
  {
    what: "a container's dependency in a transactional change",
    code: 'FLG_DEPENDENCY_UNBOUND',
    names: ['_0002__Unbound', 'NamingRules', 'apply() parameter 2', '@Outside()', 'effectFree'],
    options: () => ({
      changes: [GOOD_CHANGE, _0002__Unbound],
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
    options: () => ({ audtiStore: sqlAuditStore(service.audit) }),
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
    options: () => ({ changes: { directory: service.sandbox.path('no-such-folder') } }),
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
      const closed = new Database(service.sandbox.path('audit.db'));
      closed.close();
      return { auditStore: sqlAuditStore(closed) };
    },
  },
  {
    what: 'an audit store that never answers',
    code: 'FLG_STORE_UNREACHABLE',
    names: ['300 ms'],
    options: () => ({
      auditStore: { ...sqlAuditStore(service.audit), read: () => new Promise(() => undefined) },
      storeTimeoutMs: 300,
    }),
  },
];

describe('Bad input is refused before anything runs', () => {
  it.each(BAD_INPUTS)('$what: $code', async ({ code, names, options }) => {
    const prepared = await options();
    const before = service.contents();

    const error = await service.failureOf(prepared);
    expect(error.code).toBe(code);
    for (const name of names) expect(error.message).toContain(name);
    expect(error.hint).not.toBe('');
    expect(service.contents()).toEqual(before);
  });

  it('refuses audit tables of another version', async () => {
    await service.start({});
    service.audit.exec('UPDATE flamingock_schema SET version = 99');
    const before = service.contents();

    const second = defineChange({ ...NOTHING, id: 'second', order: 2, name: 'Second' });
    const error = await service.failureOf({ changes: [GOOD_CHANGE, second] });
    expect(error.code).toBe('FLG_STORE_VERSION');
    expect(error.message).toContain('99');
    expect(service.contents()).toEqual(before);
  });

  it('gives up on an audit store that somebody else keeps locked', async () => {
    const other = new Database(service.sandbox.path('audit.db'));
    other.exec('BEGIN EXCLUSIVE');
    service.audit.pragma('busy_timeout = 50');
    await expect(service.failureOf({ storeTimeoutMs: 300 })).resolves.toMatchObject({
      code: 'FLG_STORE_UNREACHABLE',
    });
    other.close();
  });

  it('tells everything that is wrong with a sequence at once', async () => {
    const error = await service.failureOf({
      changes: [
        GOOD_CHANGE,
        defineChange({ ...NOTHING, id: 'good', order: 2, name: 'Again' }),
        defineChange({ ...NOTHING, id: 'misspelt', order: 3, name: 'Misspelt', targetSystem: 'order-db' }),
      ],
    });
    expect(error.code).toBe('FLG_SEVERAL_PROBLEMS');
    expect(error.problems.map((problem) => problem.code).sort()).toEqual([
      'FLG_CHANGE_ID_DUPLICATE',
      'FLG_TARGET_UNKNOWN',
    ]);
  });
});

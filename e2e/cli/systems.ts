import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFlamingock, type RunReport, target } from '@flamingock/core';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import type { Child } from '../harness/child.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import type { Postgres } from '../../tools/services/postgres.mjs';
import { FileRegistry } from './project/file-registry.js';
import { openDatabase } from './project/open-database.js';
import { CommandLine } from './command-line.js';

const TYPESCRIPT = ['--import', '@swc-node/register/esm-register'];

/** The systems of the sample project, and the command line over them. */
export interface Systems {
  readonly commandLine: CommandLine;
  readonly sandbox: Sandbox;
  /** What was registered, in order. */
  registered(): readonly string[];
  /** Makes a database more; returns its address. */
  database(name: string): Promise<string>;
  /** Starts the application itself, in this process. */
  startApplication(): Promise<RunReport>;
  /** Starts it in a process of its own, which ends with 0 once it was ready. */
  startReplica(environment?: Readonly<Record<string, string>>): Child;
  /** Sends statements to the audit store or the orders database, past everything. */
  send(which: 'audit' | 'orders', ...statements: readonly string[]): Promise<void>;
}

/** @param server where the databases are; `undefined`: in files of SQLite */
export async function openSystems(server: Postgres | undefined): Promise<Systems> {
  const sandbox = await Sandbox.open();
  const database = async (name: string): Promise<string> =>
    server === undefined ? sandbox.path(`${name}.db`) : (await server.createDatabase()).url;
  const addresses = { audit: await database('audit'), orders: await database('orders') };
  const registry = sandbox.path('registry.txt');
  const environment = {
    AUDIT_URL: addresses.audit,
    ORDERS_URL: addresses.orders,
    STAGING_ORDERS_URL: await database('staging'),
    REGISTRY_FILE: registry,
  };
  return {
    sandbox,
    database,
    commandLine: new CommandLine(environment),
    startReplica: (more = {}) =>
      sandbox.start('replica', [...TYPESCRIPT, join(import.meta.dirname, 'project', 'replica.ts')], {
        FLAMINGOCK_ENV: 'production',
        ...environment,
        ...more,
      }),
    registered: () =>
      existsSync(registry)
        ? readFileSync(registry, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
        : [],
    startApplication: async () => {
      const [audit, orders] = [openDatabase(addresses.audit), openDatabase(addresses.orders)];
      try {
        return await createFlamingock({
          service: 'orders',
          environment: 'production',
          auditStore: sqlAuditStore(audit.database),
          targets: { 'orders-db': sqlTarget(orders.database), registry: target({ clients: [FileRegistry] }) },
          dependencies: [{ token: FileRegistry, value: new FileRegistry(registry) }],
          changes: { directory: join(import.meta.dirname, 'project', 'changes') },
          logger: false,
        }).run();
      } finally {
        await Promise.all([audit.end(), orders.end()]);
      }
    },
    send: async (which, ...statements) => {
      const { database: opened, end } = openDatabase(addresses[which]);
      for (const statement of statements)
        await ('exec' in opened ? opened.exec(statement) : opened.query(statement));
      await end();
    },
  };
}

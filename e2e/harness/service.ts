import {
  createFlamingock,
  defineChange,
  isFlamingockError,
  type FlamingockError,
  type FlamingockOptions,
} from '@flamingock/core';
import { sqlAuditStore, SqlExecutor, sqlTarget } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { Sandbox } from './sandbox.mjs';

/** Leaves a row in `effects`. That it has not run shows that nothing has, where it stands first. */
export const GOOD_CHANGE = defineChange({
  id: 'good',
  order: 1,
  name: 'Good',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute(`INSERT INTO effects (name) VALUES ('good')`),
});

/** A service with real databases in temporary files: one for the ledger, one as the target `orders-db`. */
export class Service {
  readonly #databases: readonly Database.Database[];

  private constructor(
    readonly sandbox: Sandbox,
    readonly audit: Database.Database,
    readonly orders: Database.Database,
  ) {
    this.#databases = [audit, orders];
    orders.exec('CREATE TABLE effects (name text NOT NULL)');
  }

  static async open(): Promise<Service> {
    const sandbox = await Sandbox.open();
    return new Service(
      sandbox,
      new Database(sandbox.path('audit.db')),
      new Database(sandbox.path('orders.db')),
    );
  }

  /** Starts it with these options in place of good ones, which may be wrong in every way; rejects as the start does. */
  async start(options: object): Promise<unknown> {
    const defaults: FlamingockOptions = {
      service: 'orders',
      environment: 'test',
      auditStore: sqlAuditStore(this.audit),
      targets: { 'orders-db': sqlTarget(this.orders) },
      changes: [GOOD_CHANGE],
      logger: false,
    };
    return createFlamingock({ ...defaults, ...options }).run();
  }

  /** The error with which it does not start. */
  async failureOf(options: object): Promise<FlamingockError> {
    const outcome: unknown = await this.start(options).catch((error: unknown) => error);
    if (isFlamingockError(outcome)) return outcome;
    throw new Error('It ended without a coded error.', { cause: outcome });
  }

  /** Every table of both databases with all of its rows, read past the engine. */
  contents(): unknown {
    return this.#databases.map(({ name }) => {
      const database = new Database(name, { readonly: true });
      const select = `SELECT name FROM sqlite_master WHERE type = 'table'`;
      const tables = database.prepare(select).pluck().all() as string[];
      const rows = tables.map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).all()]);
      database.close();
      return rows;
    });
  }

  async close(): Promise<void> {
    for (const database of this.#databases) database.close();
    await this.sandbox.close();
  }
}

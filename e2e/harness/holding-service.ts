import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sqlAuditStore } from '@flamingock/sql';
import pg from 'pg';
import type { Postgres } from '../../tools/services/postgres.mjs';
import type { Outcome } from '../fixtures/report-run.mjs';
import type { Child } from './child.mjs';
import { outcomesIn } from './ledger.js';
import { dumpOf, type PostgresDump } from './postgres-dump.js';
import { Sandbox } from './sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('../fixtures/holding-changes.mjs', import.meta.url));

/** Whether the changes share their transactions with the ledger: on one pool, or in two databases. */
export type Strategy = 'TX_SHARED' | 'TX_SEPARATE';

/** The service of `fixtures/holding-changes.mjs`, with its databases on a real server and any number of processes. */
export class HoldingService {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly environment: Readonly<Record<string, string>>,
    /** Connections past the engine: to the ledger's database, and to the one with the table `effects`. */
    private readonly audit: pg.Client,
    private readonly orders: pg.Client,
  ) {}

  static async open(server: Postgres, strategy: Strategy): Promise<HoldingService> {
    const sandbox = await Sandbox.open();
    const connect = async (url: string): Promise<pg.Client> => {
      const client = new pg.Client(url);
      client.on('error', () => undefined);
      await client.connect();
      sandbox.onClose(() => client.end());
      return client;
    };
    const audit = await server.createDatabase();
    const orders = strategy === 'TX_SHARED' ? audit : await server.createDatabase();
    const environment = {
      AUDIT_URL: audit.url,
      ...(orders === audit ? {} : { ORDERS_URL: orders.url }),
      GO: sandbox.path('go'),
    };
    const service = new HoldingService(
      sandbox,
      environment,
      await connect(audit.url),
      await connect(orders.url),
    );
    await service.orders.query('CREATE TABLE effects (name text NOT NULL, done boolean)');
    return service;
  }

  /** @param holds where its second change holds */
  start(holds: 'never' | 'inside' | 'rows' | 'before-entry' = 'never'): Child {
    return this.sandbox.start(`holding-changes ${holds}`, [FIXTURE, '--holds', holds], this.environment);
  }

  /** Lets those go on that hold. */
  go(): Promise<void> {
    return writeFile(this.sandbox.path('go'), '');
  }

  /**
   * Until another connection to the database with the table `effects` is in this state.
   *
   * @param condition on `pg_stat_activity`
   */
  async untilServerHas(condition: string): Promise<void> {
    const select = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`;
    while ((await this.orders.query(select)).rowCount === 0) await pause(20);
  }

  /** What the changes have done: their names, in their order. */
  async effects(): Promise<readonly string[]> {
    const { rows } = await this.orders.query<{ name: string }>('SELECT name FROM effects ORDER BY ctid');
    return rows.map(({ name }) => name);
  }

  ledger(): Promise<readonly string[]> {
    return outcomesIn(sqlAuditStore(this.audit));
  }

  /** Both databases, with everything in them. */
  async dump(): Promise<readonly PostgresDump[]> {
    return [await dumpOf(this.audit), await dumpOf(this.orders)];
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

/** What a start came to. */
export async function outcomeOf(child: Child): Promise<Outcome> {
  const [line] = await child.line(/^\{.*\}$/);
  return JSON.parse(line) as Outcome;
}

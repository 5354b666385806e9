import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sqlAuditStore } from '@flamingock/sql';
import pg from 'pg';
import type { Postgres } from '../../tools/services/postgres.mjs';
import type { Outcome } from '../fixtures/report-run.mjs';
import type { Child } from './child.mjs';
import { entriesIn, outcomesIn } from './ledger.js';
import { dumpOf, type PostgresDump } from './postgres-dump.js';
import { Sandbox } from './sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('../fixtures/holding-changes.mjs', import.meta.url));

/** Whether the changes share their transactions with the ledger (on one pool), have their own (in another database), or none. */
export type Strategy = 'TX_SHARED' | 'TX_SEPARATE' | 'NON_TX';

/** Where the second change holds: see the fixture. */
export type Hold = 'never' | 'inside' | 'at-end' | 'rows' | 'before-entry';

/** What is different for one process. */
export interface Start {
  /** Of the lease and of the patience, and the deadline of its second change; all in milliseconds. */
  readonly leaseMs?: number;
  readonly waitMs?: number;
  readonly deadlineMs?: number;
  /** Where it finds its databases, and what else is in its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The service of `fixtures/holding-changes.mjs`, with its databases on a real server and any number of processes. */
export class HoldingService {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly strategy: Strategy,
    /** Where the databases are: of the ledger, and with the table `effects`. */
    readonly urls: { readonly audit: string; readonly orders: string },
    /** Ways to them past the engine, which survive a restart of the server. */
    private readonly audit: pg.Pool,
    private readonly orders: pg.Pool,
  ) {}

  /** @param ordersServer has the database with the table `effects`, where that is not the ledger's own */
  static async open(server: Postgres, strategy: Strategy, ordersServer = server): Promise<HoldingService> {
    const sandbox = await Sandbox.open();
    const connect = (url: string): pg.Pool => {
      const pool = new pg.Pool({ connectionString: url, max: 1 });
      pool.on('error', () => undefined);
      sandbox.onClose(() => pool.end());
      return pool;
    };
    const audit = await server.createDatabase();
    const orders = strategy === 'TX_SHARED' ? audit : await ordersServer.createDatabase();
    const urls = { audit: audit.url, orders: orders.url };
    const service = new HoldingService(sandbox, strategy, urls, connect(audit.url), connect(orders.url));
    await service.orders.query('CREATE TABLE effects (name text NOT NULL, done boolean)');
    return service;
  }

  /** A file or folder that goes with the service. */
  path(name: string): string {
    return this.sandbox.path(name);
  }

  /** @param holds where its second change holds */
  start(holds: Hold = 'never', { leaseMs, waitMs, deadlineMs, environment = {} }: Start = {}): Child {
    const options = Object.entries({ holds, lease: leaseMs, wait: waitMs, deadline: deadlineMs })
      .filter(([, value]) => value !== undefined)
      .flatMap(([name, value]) => [`--${name}`, String(value)]);
    const autocommit = this.strategy === 'NON_TX' ? ['--autocommit'] : [];
    return this.sandbox.start(`holding-changes ${holds}`, [FIXTURE, ...options, ...autocommit], {
      AUDIT_URL: this.urls.audit,
      ...(this.strategy === 'TX_SHARED' ? {} : { ORDERS_URL: this.urls.orders }),
      GO: this.path('go'),
      ...environment,
    });
  }

  /** Lets those go on that hold. */
  go(): Promise<void> {
    return writeFile(this.path('go'), '');
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

  /** Until the transaction of this change is durable. */
  async untilCommitted(name: string): Promise<void> {
    while (!(await this.effects()).includes(name)) await pause(20);
  }

  ledger(): Promise<readonly string[]> {
    return outcomesIn(sqlAuditStore(this.audit));
  }

  /** Every time in the ledger: of its entries, and of the attempts in them; in milliseconds. */
  async times(): Promise<readonly number[]> {
    const entries = await entriesIn(sqlAuditStore(this.audit));
    return entries.flatMap((entry) => [
      entry.at,
      ...('startedAt' in entry ? [entry.startedAt, entry.finishedAt ?? entry.at] : []),
    ]);
  }

  /** The store's clock, in milliseconds. */
  async storeTime(): Promise<number> {
    const { rows } = await this.audit.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    return rows[0]?.now.getTime() ?? Number.NaN;
  }

  /** For how long the lock is held from now on, by the store's clock and in milliseconds. */
  async leaseLeft(): Promise<number> {
    const { rows } = await this.audit.query<{ left: number }>(
      'SELECT extract(epoch FROM expires_at - clock_timestamp())::float * 1000 AS left FROM flamingock_lock',
    );
    return rows[0]?.left ?? Number.NaN;
  }

  /** Until the lock has been renewed so many times more. */
  async untilRenewed(times: number): Promise<void> {
    const expiries = new Set<number>();
    while (expiries.size <= times) {
      const { rows } = await this.audit.query<{ expires: Date }>(
        'SELECT expires_at AS expires FROM flamingock_lock',
      );
      for (const { expires } of rows) expiries.add(expires.getTime());
      await pause(20);
    }
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

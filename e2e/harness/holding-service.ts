import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../fixtures/report-run.mjs';
import type { Child } from './child.mjs';
import type { Database, DatabaseServer, DatabaseSystem } from './databases/database.js';
import { entriesIn, outcomesIn } from './ledger.js';
import { Sandbox } from './sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('../fixtures/holding-changes.mjs', import.meta.url));

/** Whether the changes share their transactions with the ledger (on one client), have their own (in another database), or none. */
export type Strategy = 'TX_SHARED' | 'TX_SEPARATE' | 'NON_TX';

/** Where the second change holds: see the fixture. */
export type Hold = 'never' | 'before-start' | 'inside' | 'at-end' | 'rows' | 'before-entry';

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
    /** Where the databases are: of the ledger, and with the effects. */
    readonly urls: { readonly audit: string; readonly orders: string },
    private readonly audit: Database,
    private readonly orders: Database,
  ) {}

  /** @param ordersServer has the database with the effects, where that is not the ledger's own */
  static async open(
    server: DatabaseServer,
    strategy: Strategy,
    ordersServer = server,
  ): Promise<HoldingService> {
    const sandbox = await Sandbox.open();
    const { url } = await server.createDatabase();
    const urls = {
      audit: url,
      orders: strategy === 'TX_SHARED' ? url : (await ordersServer.createDatabase()).url,
    };
    const [audit, orders] = [await server.connect(urls.audit), await ordersServer.connect(urls.orders)];
    for (const database of [audit, orders]) sandbox.onClose(() => database.close());
    await orders.prepareEffects();
    return new HoldingService(sandbox, strategy, urls, audit, orders);
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

  /** Until the holder that receives rows is in the middle of them, or takes no more. */
  untilRows(state: 'flow' | 'are stuck'): Promise<void> {
    return this.orders.untilRows(state);
  }

  /** What the changes have done: their names, in their order. */
  effects(): Promise<readonly string[]> {
    return this.orders.effects();
  }

  /** Until the transaction of this change is durable. */
  async untilCommitted(name: string): Promise<void> {
    while (!(await this.effects()).includes(name)) await pause(20);
  }

  ledger(): Promise<readonly string[]> {
    return outcomesIn(this.audit.auditStore());
  }

  /** Every time in the ledger: of its entries, and of the attempts in them; in milliseconds. */
  async times(): Promise<readonly number[]> {
    const entries = await entriesIn(this.audit.auditStore());
    return entries.flatMap((entry) => [
      entry.at,
      ...('startedAt' in entry ? [entry.startedAt, entry.finishedAt ?? entry.at] : []),
    ]);
  }

  /** The store's clock, in milliseconds. */
  storeTime(): Promise<number> {
    return this.audit.now();
  }

  /** For how long the lock is held from now on, by the store's clock and in milliseconds. */
  async leaseLeft(): Promise<number> {
    return ((await this.audit.lockExpiry()) ?? Number.NaN) - (await this.audit.now());
  }

  /** Until the lock has been renewed so many times more. */
  async untilRenewed(times: number): Promise<void> {
    const expiries = new Set<number>();
    while (expiries.size <= times) {
      const expiry = await this.audit.lockExpiry();
      if (expiry !== undefined) expiries.add(expiry);
      await pause(20);
    }
  }

  /** Both databases, with everything in them. */
  async dump(): Promise<unknown> {
    return [await this.audit.dump(), await this.orders.dump()];
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

/** Those of the cases whose strategy a change can have on this system. */
export function casesOn<T extends { readonly strategy: Strategy }>(
  { transactions }: DatabaseSystem,
  cases: readonly T[],
): readonly T[] {
  return cases.filter(({ strategy }) => strategy === 'NON_TX' || transactions.includes(strategy));
}

/** What a start came to. */
export async function outcomeOf(child: Child): Promise<Outcome> {
  const [line] = await child.line(/^\{.*\}$/);
  return JSON.parse(line) as Outcome;
}

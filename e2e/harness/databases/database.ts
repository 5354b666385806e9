import type { AuditStore } from '@flamingock/core';
import type { Service } from '../../../tools/services/installation.mjs';

/** A database system that the same cases are told on: an entry of a table in place of a copy of each test. */
export interface DatabaseSystem {
  readonly name: 'PostgreSQL' | 'MariaDB' | 'MongoDB';
  /** For `describeWith`. */
  readonly service: Service;
  /** The same, for a server that is to be ended. */
  readonly ownService: Service;
  /** Which of their strategies changes in a transaction can have here. */
  readonly transactions: readonly ('TX_SHARED' | 'TX_SEPARATE')[];
  /** Whether the server sends rows by itself, and so may be stuck in the middle of them; else clients fetch them. */
  readonly sendsRows: boolean;
  /**
   * Starts a server that ends the transaction of a client that is gone, or takes nothing, within a few seconds.
   *
   * @param options.exclusive the test restarts or kills it
   * @param options.longChanges changes may take longer than that, also where nothing keeps their transactions alive
   */
  start(options?: { readonly exclusive?: boolean; readonly longChanges?: boolean }): Promise<DatabaseServer>;
}

/** A running server of such a system. Whoever starts it stops it. */
export interface DatabaseServer {
  /** An empty database, for a user who has no special rights in the system. */
  createDatabase(): Promise<{ readonly url: string }>;
  /** Makes a copy of a database, to which nobody is connected, under another name. */
  copy(url: string): Promise<{ readonly url: string }>;
  /** Sets a database back to what a copy of it is, as a restore from a backup does. Nobody is connected to either. */
  restore(copy: string, over: string): Promise<void>;
  /** Its address by way of another host: what the driver makes of it must not lead around that. */
  forProxy(url: string): string;
  /** A way past everything that is tested. Survives a restart of the server. */
  connect(url: string): Promise<Database>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** From now on nothing can be written to the databases, or again. */
  setReadOnly(readOnly: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** One database, looked at from outside. */
export interface Database {
  /** Makes where changes leave their effects. */
  prepareEffects(): Promise<void>;
  /** What changes have done: their names, in their order; one that was done twice is there twice. */
  effects(): Promise<readonly string[]>;
  auditStore(): AuditStore;
  /** The server's clock, in milliseconds. */
  now(): Promise<number>;
  /** When the lock in this database expires, by the server's clock and in milliseconds; `undefined` without one. */
  lockExpiry(): Promise<number | undefined>;
  /** Waits until the server sends the rows that have no end, or is stuck because their client takes none. */
  untilRows(state: 'flow' | 'are stuck'): Promise<void>;
  /** What the ledger in it says of changes, whosever they are, and the fences in it; none where it has none. */
  changeEntries(): Promise<readonly unknown[]>;
  fences(): Promise<readonly unknown[]>;
  /** Everything in it, by table or collection. */
  dump(): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

import type { FenceKey, LeaseRequest, LedgerKey, SealedEntry } from '@flamingock/core/spi';
import type { Statement } from '../driver/connection.js';

/** What the engine says to one kind of database, and how it reads the answers. */
export interface SqlDialect {
  /** For people: `sqlite`. */
  readonly kind: string;
  readonly capabilities: SqlCapabilities;
  readonly tables: SqlTables;
  readonly statements: SqlStatements;
  readonly errors: SqlErrors;
}

/** What a database can do; shared code decides by these and never by its name. */
export interface SqlCapabilities {
  /** A client has one connection by nature, and the database one writer at a time. */
  readonly singleConnection: boolean;
  /** A statement that fails aborts its transaction, so that the database itself notices an error that is swallowed. */
  readonly abortsOnError: boolean;
  /** The server ends a transaction in which nothing happens. */
  readonly idleTimeout: boolean;
}

/** Each list is sent in one transaction, by processes that may race, and changes nothing that is there already. */
export interface SqlTables {
  /** What comes first where a race would fail. */
  readonly takeTurns: readonly Statement[];
  /** `flamingock_schema` with its version, `flamingock_ledger`, `flamingock_lock`. */
  readonly audit: readonly Statement[];
  /** `flamingock_fence`, in the database of a target. */
  readonly fence: readonly Statement[];
}

/** A row of `fence` that a transaction must find claimed by its own run, and what it leaves there. */
export interface FenceAdvance {
  readonly key: FenceKey;
  readonly claimed: number;
  readonly applied: number;
}

/** Each answers one row for each thing found or changed. Times are milliseconds since the epoch. */
export interface SqlStatements {
  /**
   * Everything in one statement, ordered by `part` and `number_1`:
   *
   * | part | text_1 | text_2 | number_1 | number_2 | number_3 | number_4 |
   * |---|---|---|---|---|---|---|
   * | 0, always one row | | | schema version or null | the clock | | |
   * | 1, while somebody holds the lock | owner | host | process id | acquired at | expires at | highest sequence |
   * | 2, each entry above `after` | entry | hash | sequence | | | |
   */
  read(key: LedgerKey, after: number): Statement;
  /** `known` (1 where `flamingock_schema` exists, else 0) and `now`; works without any table. */
  probe(): Statement;
  /** `version`. */
  version(): Statement;
  /** `environment`. */
  environments(service: string, tenant: string): Statement;
  append(key: LedgerKey, entry: SealedEntry): Statement;
  /** `now` and `took_over_from`; no row while somebody else holds an unexpired lease. */
  acquire(key: LedgerKey, request: LeaseRequest): Statement;
  /** `now`; no row where the lock is not the owner's. */
  renew(key: LedgerKey, request: LeaseRequest, highestSequence: number): Statement;
  release(key: LedgerKey, owner: string, highestSequence: number): Statement;
  /** `applied`; no row where the fence is another environment's or a later run's. */
  claim(key: FenceKey, token: number): Statement;
  /** `environment` and `claimed`. */
  fence(key: FenceKey): Statement;
  /** A row where the run still holds the claim. */
  advance(fence: FenceAdvance): Statement;
  /**
   * Ends the connection whose open transaction holds the fence, unless a later run than the token's has claimed it.
   * Absent where the server cannot do that.
   */
  readonly endHolder: ((key: FenceKey, token: number) => Statement) | undefined;
}

/** What a driver's error means; also where another library has wrapped it. */
export interface SqlErrors {
  /** A lock time-out, a deadlock or a write conflict: the same statement may succeed later. */
  isBusy(error: unknown): boolean;
  isMissingTable(error: unknown): boolean;
  /** A duplicate of the ledger's own key, and nothing else. */
  isDuplicateEntry(error: unknown): boolean;
  /** A savepoint is named that the open transaction, or the lack of one, does not know. */
  isUnknownSavepoint(error: unknown): boolean;
}

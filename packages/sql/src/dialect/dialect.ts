import type {
  FenceAnswer,
  FenceKey,
  LeaseRequest,
  LedgerKey,
  SavedCheckpoint,
  SealedEntry,
} from '@flamingock/core/spi';
import type { Statement } from '../driver/connection.js';
import type { TableNames } from './table-names.js';

/** What the engine says to one kind of database, and how it reads the answers. */
export interface SqlDialect {
  /** For people: `sqlite`. */
  readonly kind: string;
  readonly capabilities: SqlCapabilities;
  /** Everything that names a table; made once for each store and each target. */
  naming(names: TableNames): TableDialect;
}

/** A dialect for tables that are called in one way. */
export interface TableDialect {
  readonly names: TableNames;
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
  /** A transaction can limit how long its statements wait for locks, and how long they take. */
  readonly timeouts: boolean;
  /** A database holds several schemas, so that tables can be put into one of them. */
  readonly schemas: boolean;
  /**
   * Statements that change the schema commit what was open before them, so that no transaction is all or none: changes
   * run in one only where they say `transactional: true`, and never in one with the ledger.
   */
  readonly implicitCommits: boolean;
}

/** Each list is sent in one transaction, by processes that may race, and changes nothing that is there already. */
export interface SqlTables {
  /** What comes first where a race would fail. */
  readonly takeTurns: readonly Statement[];
  /** The schema's version, the ledger, the lock and the checkpoints. */
  readonly audit: readonly Statement[];
  /** The fence, in the database of a target. */
  readonly fence: readonly Statement[];
}

/** A row of the fence that a transaction must find claimed by its own run, and what it leaves there. */
export interface FenceAdvance {
  readonly key: FenceKey;
  readonly claimed: number;
  readonly sequence: number;
}

/** What somebody wanted to do who lacks a right. `end`: to end the connection of another process by force. */
export interface Purpose {
  readonly tables: 'audit' | 'checkpoint' | 'fence';
  readonly action: 'read' | 'write' | 'create' | 'end';
}

/** Each answers one row for each thing found or changed. Times are milliseconds since the epoch. */
export interface SqlStatements {
  /**
   * Everything in one statement, in any order:
   *
   * | part | text_1 | text_2 | number_1 | number_2 | number_3 | number_4 | number_5 |
   * |---|---|---|---|---|---|---|---|
   * | 0, always one row | | | schema version or null | the clock | 1 where the declaration is complete, else 0 | how many entries there are up to `after` | null; 1 where the session commits nothing by itself, 2 where its clock stands still |
   * | 1, once somebody held the lock | owner, null after a release | host | process id | acquired at | expires at | highest sequence | lease in ms |
   * | 2, each entry above `after`, none where the declaration is complete | entry | hash | sequence | | | |
   *
   * A declaration is complete where the lock was given back with it and has not been taken since, and the entries are
   * all those up to the highest sequence that was told then.
   */
  read(key: LedgerKey, after: number, declaration?: string): Statement;
  /** `known` (1 where the table of the schema's version exists, else 0) and `now`; works without any table. */
  probe(): Statement;
  /** `version`. */
  version(): Statement;
  /** `environment`. */
  environments(service: string, tenant: string): Statement;
  /** `service`, `tenant` and `environment` of each ledger. */
  ledgers(): Statement;
  /** `sequence`, `kind`, `change_id`, `state`, `execution_id` and `recorded_at`, in ascending sequence. */
  columns(key: LedgerKey): Statement;
  append(key: LedgerKey, entry: SealedEntry): Statement;
  /** `now` and `took_over_from`; no row while somebody else holds an unexpired lease. */
  acquire(key: LedgerKey, request: LeaseRequest): Statement;
  /** `now`; no row where the lock is not the owner's. */
  renew(key: LedgerKey, request: LeaseRequest, highestSequence: number): Statement;
  /** Notes what the ledger completes; `acquire` forgets it. */
  release(key: LedgerKey, owner: string, highestSequence: number, completeFor?: string): Statement;
  /** `saved_by` and `value` (null where nothing was saved); no row where a later attempt has claimed it. */
  claimCheckpoint(key: LedgerKey, changeId: string, sequence: number): Statement;
  /** A row where the claim is the value's; it is not kept where a later one of the same claim stands there. */
  saveCheckpoint(key: LedgerKey, changeId: string, value: SavedCheckpoint): Statement;
  /** `applied` and `begun`; no row where the fence is another environment's or a later run's. */
  /** @param expected the least `applied`; above 0 no row is inserted */
  claim(key: FenceKey, token: number, expected: number): Statement;
  /** `environment`, `claimed`, `begun` and `applied`. */
  fence(key: FenceKey): Statement;
  /** Rewrites the fence by a person's word: a row where it still is as a claim was answered. */
  adopt(fence: FenceAdvance, shown: FenceAnswer): Statement;
  /** Opens the transaction of a change: a row where the run still holds the claim. */
  begun(fence: FenceAdvance): Statement;
  /** Ends the transaction of a change that was executed as a whole. */
  applied(fence: FenceAdvance): Statement;
  /**
   * Ends the connection whose open transaction holds the fence, unless a later run than the token's has claimed it.
   * Absent where the server cannot do that.
   */
  readonly endHolder: ((key: FenceKey, token: number) => Statement) | undefined;
  /** Lets names mean what they did before the change; absent where no change can make them mean something else. */
  readonly ownNames: Statement | undefined;
  /** Absent where no process can leave a transaction open that others do not see by themselves. */
  readonly sharedTurn: SharedTurn | undefined;
  /**
   * For each object on which the role of the connection lacks a right for the purpose: `role`, `what` (for people) and
   * `remedy` (the statement that grants it). Absent where the database knows no roles.
   */
  readonly missingRights: ((purpose: Purpose) => Statement) | undefined;
}

/** How transactions that write no fence row keep out of each other's way. */
export interface SharedTurn {
  /** Waits until no other such transaction of the ledger is open; held until the end of the transaction. */
  take(key: FenceKey): Statement;
  /** Ends the connection whose open transaction has the turn, where that was open already `waitedMs` ago. */
  endHolder(key: FenceKey, waitedMs: number): Statement;
}

/** What a driver's error means; also where another library has wrapped it. */
export interface SqlErrors {
  /** A lock time-out, a deadlock or a write conflict: the same statement may succeed later. */
  isBusy(error: unknown): boolean;
  isMissingTable(error: unknown): boolean;
  /** The schema into which a table was to be put does not exist, or there is none to choose. */
  isMissingSchema(error: unknown): boolean;
  /** A duplicate of the ledger's own key, and nothing else. */
  isDuplicateEntry(error: unknown): boolean;
  /** A savepoint is named that the open transaction, or the lack of one, does not know. */
  isUnknownSavepoint(error: unknown): boolean;
  /** The role of the connection lacks a right. */
  isForbidden(error: unknown): boolean;
  /** Nobody can write here: a standby, or a file that was opened for reading. */
  isReadOnly(error: unknown): boolean;
}

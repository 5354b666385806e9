import {
  type BoundClients,
  type ClaimAnswer,
  type ClaimOptions,
  type FenceAnswer,
  type FenceKey,
  type FenceRow,
  hasCode,
  type TargetTransactions,
  type Token,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import { coded, withCodedErrors } from '../dialect/coded.js';
import type { Purpose, TableDialect } from '../dialect/dialect.js';
import { tableNames } from '../dialect/table-names.js';
import type { SqlConnection, Statement } from '../driver/connection.js';
import { type SqlDriver, withConnection } from '../driver/driver.js';
import { isSqlExecutor } from '../sql-executor.js';
import type { TableOptions } from '../table-options.js';
import { BoundExecutor } from './bound-executor.js';
import { keepAlive } from './keep-alive.js';
import { aborted, attempt, breakOff, broken, type Failure, rollBack, rolledBack } from './outcome.js';
import { adoptFence, claimFence, readFence } from './sql-fence.js';
import { StatementWatch } from './statement-watch.js';
import { Waits } from './waits.js';

/** Which clients, besides the executor, have a form that is bound to a transaction, and how they get it. */
export interface ClientBinder<Connection extends SqlConnection> {
  binds(token: Token): boolean;
  /** Every statement of the clients must go through the watch. */
  bind(connection: Connection, watch: StatementWatch): BoundClients;
}

const WRITE_FENCE: Purpose = { tables: 'fence', action: 'write' };
const END_HOLDER: Purpose = { tables: 'fence', action: 'end' };

const SET_SAVEPOINT = plain('SAVEPOINT flamingock_change');
const RELEASE_SAVEPOINT = plain('RELEASE SAVEPOINT flamingock_change');
const BACK_TO_SAVEPOINT = plain('ROLLBACK TO SAVEPOINT flamingock_change');

/** How long a statement of a change that is over is waited for, in milliseconds, before its connection is cut. */
const PATIENCE_MS = 1_000;

/** Transactions with a fence, over any driver whose dialect is known. */
export class SqlTransactions<Connection extends SqlConnection> implements TargetTransactions {
  readonly #driver: SqlDriver<Connection>;
  readonly #binder: ClientBinder<Connection>;
  readonly #options: TableOptions;
  readonly #dialect: TableDialect;
  readonly #waits = new Waits();

  /** @param options as `tableOptions()` has checked them */
  constructor(driver: SqlDriver<Connection>, binder: ClientBinder<Connection>, options: TableOptions = {}) {
    this.#driver = driver;
    this.#binder = binder;
    this.#options = options;
    this.#dialect = driver.dialect.naming(tableNames(options));
  }

  get driver(): object {
    return this.#driver.handle;
  }

  get timeouts(): boolean {
    return this.#driver.dialect.capabilities.timeouts;
  }

  get implicitCommits(): boolean {
    return this.#driver.dialect.capabilities.implicitCommits;
  }

  binds(token: Token): boolean {
    return isSqlExecutor(token) || this.#binder.binds(token);
  }

  /** A deadlock, a serialization failure or a lock time-out, in a statement of the change or at its commit. */
  isTransient(error: unknown): boolean {
    return this.#dialect.errors.isBusy(error) || hasCode(error, 'FLG_STORE_BUSY');
  }

  async claim(
    key: FenceKey,
    token: number,
    { patienceMs = 30_000, expected = 0 }: ClaimOptions = {},
  ): Promise<ClaimAnswer> {
    const { statements } = this.#dialect;
    return this.#insisting(
      { what: JSON.stringify(['fence', key.service, key.tenant]), asker: token, patienceMs },
      () =>
        withConnection(this.#driver, (connection) =>
          claimFence(connection, this.#dialect, this.#options, { key, token, expected }),
        ),
      () => statements.endHolder?.(key, token),
    );
  }

  fence(key: FenceKey): Promise<FenceRow | undefined> {
    return withConnection(this.#driver, (connection) => readFence(connection, this.#dialect, key));
  }

  adopt(
    key: FenceKey,
    fence: { readonly claimed: number; readonly sequence: number },
    shown: FenceAnswer,
  ): Promise<boolean> {
    return withConnection(this.#driver, (connection) =>
      adoptFence(connection, this.#dialect, { key, ...fence }, shown),
    );
  }

  async run(request: TransactionRequest): Promise<TransactionOutcome> {
    const { statements } = this.#dialect;
    const { sharedTurn } = statements;
    const { key, fence } = request;
    if (fence !== undefined) return this.#run(request, [statements.begun({ key, ...fence })]);
    if (request.shared === undefined || sharedTurn === undefined) return this.#run(request, []);
    return this.#insisting(
      // The same change, begun again, comes with the same work, which is only compared here.
      { what: JSON.stringify(key), asker: Reflect.get(request, 'work'), patienceMs: request.idleTimeoutMs },
      () => this.#run(request, [sharedTurn.take(key)]),
      (waitedMs) => sharedTurn.endHolder(key, waitedMs),
    );
  }

  /** @param first what comes before the savepoint; a row for each statement, where the transaction may go on */
  async #run(request: TransactionRequest, first: readonly Statement[]): Promise<TransactionOutcome> {
    return withConnection(this.#driver, async (connection) => {
      const opened = await withCodedErrors(connection, this.#dialect, WRITE_FENCE, () =>
        connection.begin(request, [...first, SET_SAVEPOINT]),
      );
      // A later run has claimed the fence where the statement has matched no row.
      if (first.every((_, index) => opened[index]?.length === 1)) return this.#perform(connection, request);
      await rollBack(connection);
      return { status: 'fenced' };
    });
  }

  /**
   * Does what an open transaction of an older run may keep waiting. Ends that transaction's connection when it has done
   * so for long enough; then, as before, the engine repeats.
   */
  async #insisting<T>(
    wait: { readonly what: string; readonly asker: unknown; readonly patienceMs: number },
    work: () => Promise<T>,
    endHolder: (waitedMs: number) => Statement | undefined,
  ): Promise<T> {
    try {
      const result = await work();
      this.#waits.over(wait.what);
      return result;
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY')) throw error;
      const waitedMs = this.#waits.refused(wait.what, wait.asker);
      const statement = waitedMs < wait.patienceMs ? undefined : endHolder(waitedMs);
      if (statement !== undefined) {
        await withConnection(this.#driver, (connection) =>
          withCodedErrors(connection, this.#dialect, END_HOLDER, () => connection.send(statement)),
        );
      }
      throw error;
    }
  }

  async #perform(connection: Connection, request: TransactionRequest): Promise<TransactionOutcome> {
    const { statements } = this.#dialect;
    const { key, fence } = request;
    const watch = new StatementWatch(connection, this.implicitCommits);
    const failure =
      (await this.#work(connection, watch, request)) ??
      (await attempt(() => connection.sendWithNext(RELEASE_SAVEPOINT), aborted));
    if (failure !== undefined) return this.#undo(connection, watch, failure);
    const unwritten = await attempt(async () => {
      // Together with the release, which fails where the transaction is not ours any more: then this is not executed.
      if (statements.ownNames !== undefined) await connection.sendWithNext(statements.ownNames);
      if (fence !== undefined) await connection.sendWithNext(statements.applied({ key, ...fence }));
      await request.beforeCommit?.(connection);
    });
    if (unwritten === undefined) return this.#commit(connection);
    return this.#isUnknownSavepoint(unwritten)
      ? breakOff(connection, unwritten)
      : rolledBack(connection, unwritten);
  }

  /** Runs the change; its failure is what it threw, or a failed statement that it swallowed. */
  async #work(
    connection: Connection,
    watch: StatementWatch,
    request: TransactionRequest,
  ): Promise<Failure | undefined> {
    const { abortsOnError, idleTimeout } = this.#driver.dialect.capabilities;
    const stop = idleTimeout ? keepAlive(connection, watch, request.idleTimeoutMs) : undefined;
    const thrown = await attempt(() => {
      const bound = this.#binder.bind(connection, watch);
      const executor = new BoundExecutor(connection.executor, watch);
      return request.work({ client: (token) => (isSqlExecutor(token) ? executor : bound.client(token)) });
    });
    stop?.();
    // What a change did not wait for is part of it; only after a failure nobody waits for long.
    const done = await watch.end(thrown === undefined ? request.idleTimeoutMs : PATIENCE_MS);
    if (!done) connection.abandon();
    if (thrown !== undefined) return thrown;
    const swallowed = abortsOnError ? connection.aborted || watch.endedAborted : watch.failure !== undefined;
    if (swallowed) return { error: aborted(watch.failure?.error) };
    if (connection.lost !== undefined) return { error: connection.lost };
    // The savepoint went with the transaction: only SQLite would still say so by itself.
    return connection.inTransaction ? undefined : { error: watch.failure?.error };
  }

  async #undo(connection: Connection, watch: StatementWatch, failure: Failure): Promise<TransactionOutcome> {
    if (watch.endedAborted) return { status: 'rolled-back', error: failure.error };
    // Only the transaction that was begun here knows the savepoint.
    const back = await attempt(() => connection.send(BACK_TO_SAVEPOINT));
    if (connection.lost !== undefined) {
      // Without a COMMIT the server rolls back what was open; the change's own may have arrived.
      return connection.inTransaction && !watch.mayHaveEnded
        ? { status: 'rolled-back', error: failure.error }
        : { status: 'broken', error: broken(failure.error) };
    }
    // A deadlock takes the savepoint with it: the server has rolled back what nobody else can have ended.
    const taken = watch.keptOpen && this.#dialect.errors.isBusy(watch.failure?.error);
    return back === undefined || taken ? rolledBack(connection, failure) : breakOff(connection, failure);
  }

  async #commit(connection: Connection): Promise<TransactionOutcome> {
    const failed = await attempt(() => connection.commit());
    if (failed === undefined) return { status: 'committed' };
    if (this.#isUnknownSavepoint(failed)) return breakOff(connection, failed);
    const failure = { error: coded(this.#dialect, failed.error) };
    if (!connection.commitInDoubt) return rolledBack(connection, failure);
    await rollBack(connection);
    return { status: 'unknown', ...failure };
  }

  #isUnknownSavepoint({ error }: Failure): boolean {
    return this.#dialect.errors.isUnknownSavepoint(error);
  }
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}

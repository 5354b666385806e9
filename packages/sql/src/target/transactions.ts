import {
  type BoundClients,
  type ClaimAnswer,
  type FenceKey,
  FlamingockError,
  hasCode,
  type TargetTransactions,
  type Token,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import { coded, storeBusy } from '../dialect/coded.js';
import type { Row, SqlConnection, Statement } from '../driver/connection.js';
import { type SqlDriver, withConnection } from '../driver/driver.js';
import { isSqlExecutor } from '../sql-executor.js';
import { integer, text } from '../store/content.js';
import { createTables, type TableOptions } from '../store/create-tables.js';
import { BoundExecutor } from './bound-executor.js';
import { keepAlive } from './keep-alive.js';
import { StatementWatch } from './statement-watch.js';

/** Which clients, besides the executor, have a form that is bound to a transaction, and how they get it. */
export interface ClientBinder<Connection extends SqlConnection> {
  binds(token: Token): boolean;
  /** Every statement of the clients must go through the watch. */
  bind(connection: Connection, watch: StatementWatch): BoundClients;
}

const SET_SAVEPOINT = plain('SAVEPOINT flamingock_change');
const RELEASE_SAVEPOINT = plain('RELEASE SAVEPOINT flamingock_change');
const BACK_TO_SAVEPOINT = plain('ROLLBACK TO SAVEPOINT flamingock_change');

/** How long a statement of a change that is over is waited for, in milliseconds, before its connection is cut. */
const PATIENCE_MS = 1_000;

/** Since when a claim has been kept waiting by the transaction of an older run. */
interface Wait {
  readonly token: number;
  readonly since: number;
}

/** Transactions with a fence, over any driver whose dialect is known. */
export class SqlTransactions<Connection extends SqlConnection> implements TargetTransactions {
  readonly #driver: SqlDriver<Connection>;
  readonly #binder: ClientBinder<Connection>;
  readonly #options: TableOptions;
  readonly #waits = new Map<string, Wait>();

  constructor(driver: SqlDriver<Connection>, binder: ClientBinder<Connection>, options: TableOptions = {}) {
    this.#driver = driver;
    this.#binder = binder;
    this.#options = options;
  }

  get driver(): object {
    return this.#driver.handle;
  }

  binds(token: Token): boolean {
    return isSqlExecutor(token) || this.#binder.binds(token);
  }

  async claim(key: FenceKey, token: number, patienceMs = 30_000): Promise<ClaimAnswer> {
    const id = JSON.stringify([key.service, key.tenant]);
    try {
      const answer = await withConnection(this.#driver, (connection) => this.#claim(connection, key, token));
      this.#waits.delete(id);
      return answer;
    } catch (error) {
      if (this.#driver.dialect.errors.isBusy(error)) await this.#endHolder(id, key, token, patienceMs);
      throw coded(this.#driver.dialect, error);
    }
  }

  async run(request: TransactionRequest): Promise<TransactionOutcome> {
    const { statements } = this.#driver.dialect;
    const fence = request.fence === undefined ? [] : [statements.advance(request.fence)];
    return withConnection(this.#driver, async (connection) => {
      const opened = await connection
        .begin(request.idleTimeoutMs, [...fence, SET_SAVEPOINT])
        .catch((error: unknown) => {
          throw coded(this.#driver.dialect, error);
        });
      // Rows that the statement has matched; a later run has claimed the fence where there is none.
      if (fence.length === 0 || opened[0]?.length === 1) return this.#perform(connection, request);
      await rollBack(connection);
      return { status: 'fenced' };
    });
  }

  /** Ends the connection of an older run that keeps a claim waiting, when it has done so for long enough. */
  async #endHolder(id: string, key: FenceKey, token: number, patienceMs: number): Promise<void> {
    const { endHolder } = this.#driver.dialect.statements;
    if (endHolder === undefined) return;
    const known = this.#waits.get(id);
    const wait = known?.token === token ? known : { token, since: performance.now() };
    this.#waits.set(id, wait);
    if (performance.now() - wait.since < patienceMs) return;
    await withConnection(this.#driver, (connection) => connection.send(endHolder(key, token)));
  }

  async #claim(connection: Connection, key: FenceKey, token: number): Promise<ClaimAnswer> {
    const { statements } = this.#driver.dialect;
    const [claimed] = await this.#sendCreating(connection, statements.claim(key, token));
    if (claimed !== undefined) return { status: 'claimed', applied: integer(claimed, 'applied') };
    const [found] = await connection.send(statements.fence(key));
    const environment = text(found, 'environment') ?? '';
    if (environment !== key.environment) return { status: 'foreign', environment };
    if (integer(found, 'claimed') > token)
      return { status: 'superseded', claimed: integer(found, 'claimed') };
    // The row changed between the two statements.
    throw storeBusy();
  }

  /** Sends a statement alone, after it has created the fence's table where that is missing. */
  async #sendCreating(connection: Connection, statement: Statement): Promise<readonly Row[]> {
    const { dialect } = this.#driver;
    try {
      return await connection.sendAlone([statement]);
    } catch (error) {
      if (!dialect.errors.isMissingTable(error)) throw error;
    }
    await createTables(connection, dialect, dialect.tables.fence, this.#options);
    return connection.sendAlone([statement]);
  }

  async #perform(connection: Connection, request: TransactionRequest): Promise<TransactionOutcome> {
    const watch = new StatementWatch(connection);
    const failure =
      (await this.#work(connection, watch, request)) ??
      (await attempt(() => connection.sendWithNext(RELEASE_SAVEPOINT), aborted));
    if (failure !== undefined) return this.#undo(connection, watch, failure);
    const unwritten = await attempt(() => request.beforeCommit?.(connection));
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
    return back === undefined ? rolledBack(connection, failure) : breakOff(connection, failure);
  }

  async #commit(connection: Connection): Promise<TransactionOutcome> {
    const failed = await attempt(() => connection.commit());
    if (failed === undefined) return { status: 'committed' };
    if (this.#isUnknownSavepoint(failed)) return breakOff(connection, failed);
    const failure = { error: coded(this.#driver.dialect, failed.error) };
    if (!connection.commitInDoubt) return rolledBack(connection, failure);
    await rollBack(connection);
    return { status: 'unknown', ...failure };
  }

  #isUnknownSavepoint({ error }: Failure): boolean {
    return this.#driver.dialect.errors.isUnknownSavepoint(error);
  }
}

interface Failure {
  readonly error: unknown;
}

async function attempt(
  step: () => Promise<unknown> | undefined,
  describe: (error: unknown) => unknown = (error) => error,
): Promise<Failure | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return { error: describe(error) };
  }
}

async function rolledBack(connection: SqlConnection, { error }: Failure): Promise<TransactionOutcome> {
  const failed = await rollBack(connection);
  return failed !== undefined && connection.inTransaction && connection.lost === undefined
    ? { status: 'unknown', error: failed.error }
    : { status: 'rolled-back', error };
}

async function breakOff(connection: SqlConnection, { error }: Failure): Promise<TransactionOutcome> {
  await rollBack(connection);
  return { status: 'broken', error: broken(error) };
}

function rollBack(connection: SqlConnection): Promise<Failure | undefined> {
  return attempt(() => connection.rollback());
}

function aborted(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_ABORTED',
    message:
      'A statement of the change failed, and the change went on as if nothing had happened. Everything was rolled back.',
    hint: 'Let the error pass, or set a savepoint before a statement that may fail and go back to it.',
    cause,
  });
}

/** @param error what the change threw, or what told that the savepoint is gone; of a swallowed statement its own error */
function broken(error: unknown): FlamingockError {
  const cause = hasCode(error, 'FLG_TRANSACTION_ABORTED') ? error.cause : error;
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The change ended its transaction by itself, so that a part of it may be committed.',
    hint: 'Leave BEGIN, COMMIT and ROLLBACK to the engine, and use no statement that rolls back by itself (OR ROLLBACK); or say transactional: false.',
    cause,
  });
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}

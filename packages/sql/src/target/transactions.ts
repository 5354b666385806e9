import {
  type BoundClients,
  type ClaimAnswer,
  type FenceKey,
  FlamingockError,
  type TargetTransactions,
  type Token,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import { coded, storeBusy } from '../dialect/coded.js';
import type { FenceAdvance } from '../dialect/dialect.js';
import type { Row, SqlConnection, Statement } from '../driver/connection.js';
import { type SqlDriver, withConnection } from '../driver/driver.js';
import { isSqlExecutor } from '../sql-executor.js';
import { integer, text } from '../store/content.js';
import { BoundExecutor } from './bound-executor.js';
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

/** Transactions with a fence, over any driver whose dialect is known. */
export class SqlTransactions<Connection extends SqlConnection> implements TargetTransactions {
  readonly #driver: SqlDriver<Connection>;
  readonly #binder: ClientBinder<Connection>;

  constructor(driver: SqlDriver<Connection>, binder: ClientBinder<Connection>) {
    this.#driver = driver;
    this.#binder = binder;
  }

  get driver(): object {
    return this.#driver.handle;
  }

  binds(token: Token): boolean {
    return isSqlExecutor(token) || this.#binder.binds(token);
  }

  async claim(key: FenceKey, token: number): Promise<ClaimAnswer> {
    try {
      return await withConnection(this.#driver, (connection) => this.#claim(connection, key, token));
    } catch (error) {
      throw coded(this.#driver.dialect, error);
    }
  }

  async run(request: TransactionRequest): Promise<TransactionOutcome> {
    return withConnection(this.#driver, async (connection) => {
      const failed = await attempt(() => connection.begin(request.idleTimeoutMs));
      if (failed !== undefined) throw coded(this.#driver.dialect, failed.error);
      return (await this.#open(connection, request.fence))
        ? this.#perform(connection, request)
        : { status: 'fenced' };
    });
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
    const { errors, tables } = this.#driver.dialect;
    try {
      return await connection.sendAlone([statement]);
    } catch (error) {
      if (!errors.isMissingTable(error)) throw error;
    }
    await connection.sendAlone(tables.fence);
    return connection.sendAlone([statement]);
  }

  /** Passes the fence and sets the savepoint. Where that fails, nothing remains. */
  async #open(connection: Connection, fence: FenceAdvance | undefined): Promise<boolean> {
    const { statements } = this.#driver.dialect;
    try {
      const passed = fence === undefined ? 1 : (await connection.send(statements.advance(fence))).length;
      if (passed === 1) {
        await connection.send(SET_SAVEPOINT);
        return true;
      }
    } catch (error) {
      await rollBack(connection);
      throw coded(this.#driver.dialect, error);
    }
    await rollBack(connection);
    return false;
  }

  async #perform(connection: Connection, request: TransactionRequest): Promise<TransactionOutcome> {
    const failure =
      (await this.#work(connection, request)) ??
      (await attempt(() => connection.send(RELEASE_SAVEPOINT), aborted));
    if (failure !== undefined) {
      // Only the transaction that was begun here knows the savepoint.
      const lost = await attempt(() => connection.send(BACK_TO_SAVEPOINT));
      if (lost === undefined) return rolledBack(connection, failure.error);
      await rollBack(connection);
      return { status: 'broken', error: broken(failure.error) };
    }
    const unwritten = await attempt(() => request.beforeCommit?.(connection));
    return unwritten === undefined ? this.#commit(connection) : rolledBack(connection, unwritten.error);
  }

  /** Runs the change; its failure is what it threw, or a failed statement that it swallowed. */
  async #work(connection: Connection, request: TransactionRequest): Promise<Failure | undefined> {
    const watch = new StatementWatch(connection);
    const thrown = await attempt(() => {
      const bound = this.#binder.bind(connection, watch);
      const executor = new BoundExecutor(connection.executor, watch);
      return request.work({ client: (token) => (isSqlExecutor(token) ? executor : bound.client(token)) });
    });
    watch.end();
    if (thrown !== undefined || watch.failure === undefined) return thrown;
    return { error: aborted(watch.failure.error) };
  }

  async #commit(connection: Connection): Promise<TransactionOutcome> {
    const failed = await attempt(
      () => connection.commit(),
      (error) => coded(this.#driver.dialect, error),
    );
    if (failed === undefined) return { status: 'committed' };
    if (connection.inTransaction) return rolledBack(connection, failed.error);
    await rollBack(connection);
    return { status: 'unknown', error: failed.error };
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

async function rolledBack(connection: SqlConnection, error: unknown): Promise<TransactionOutcome> {
  const failed = await rollBack(connection);
  return failed !== undefined && connection.inTransaction
    ? { status: 'unknown', error: failed.error }
    : { status: 'rolled-back', error };
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

function broken(cause: unknown): FlamingockError {
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

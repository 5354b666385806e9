import { setTimeout as sleep } from 'node:timers/promises';
import { FlamingockError } from '@flamingock/core/spi';
import { storeBusy } from '../dialect/coded.js';
import type { Row, SqlConnection, Statement, TransactionSettings } from '../driver/connection.js';
import type { SqlExecutor } from '../sql-executor.js';
import { makeDurable, withShortWait } from './engine-settings.js';
import { isOfEngine, markOfEngine } from './engine-transaction.js';
import type { SqliteClient, StatementListener } from './sqlite-client.js';
import { SqliteExecutor } from './sqlite-executor.js';

/** How long a statement of the engine waits for a transaction of somebody else on this very connection. */
const PATIENCE_MS = 1_000;
const PAUSE_MS = 20;

/**
 * The one connection of a synchronous SQLite client. Everything in the process that uses the client shares it, so
 * whether a transaction is open is asked in the same tick in which a statement is sent.
 */
export class SqliteConnection implements SqlConnection {
  readonly lost = undefined;
  readonly aborted = false;
  readonly keptWrites = false;
  readonly executor: SqlExecutor;
  readonly #client: SqliteClient;
  readonly #onStatement: StatementListener;
  #undoDurable = (): void => undefined;

  constructor(client: SqliteClient, onStatement: StatementListener = () => undefined) {
    this.executor = new SqliteExecutor(client, onStatement);
    this.#client = client;
    this.#onStatement = onStatement;
  }

  get inTransaction(): boolean {
    return this.#client.inTransaction;
  }

  get commitInDoubt(): boolean {
    return !this.inTransaction;
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  async send(statement: Statement): Promise<readonly Row[]> {
    return this.#run(statement);
  }

  async sendWithNext(statement: Statement): Promise<void> {
    this.#run(statement);
  }

  sendAlone(statements: readonly Statement[]): Promise<readonly Row[]> {
    return this.#whenFree(() => {
      const undoDurable = makeDurable(this.#client);
      try {
        const [first] = statements;
        return first !== undefined && statements.length === 1
          ? this.#run(first)
          : this.#runTogether(statements);
      } finally {
        undoDurable();
      }
    });
  }

  begin(
    _settings: TransactionSettings,
    statements: readonly Statement[],
  ): Promise<readonly (readonly Row[])[]> {
    return this.#whenFree(() => {
      this.#undoDurable = makeDurable(this.#client);
      try {
        this.#control('BEGIN IMMEDIATE');
        markOfEngine(this.#client.database, true);
        return statements.map((statement) => this.#run(statement));
      } catch (error) {
        if (this.inTransaction) this.#control('ROLLBACK');
        this.#ended();
        throw error;
      }
    });
  }

  async commit(): Promise<void> {
    this.#control('COMMIT');
    this.#ended();
  }

  async rollback(): Promise<void> {
    if (this.inTransaction) this.#control('ROLLBACK');
    this.#ended();
  }

  /** A statement is never under way: the library is synchronous. */
  abandon(): void {}

  /** There is no other connection. */
  discard(): void {}

  release(): Promise<void> {
    return Promise.resolve();
  }

  #ended(): void {
    markOfEngine(this.#client.database, false);
    this.#undoDurable();
  }

  #runTogether(statements: readonly Statement[]): readonly Row[] {
    this.#control('BEGIN IMMEDIATE');
    try {
      const rows = statements.map((statement) => this.#run(statement)).at(-1) ?? [];
      this.#control('COMMIT');
      return rows;
    } catch (error) {
      if (this.inTransaction) this.#control('ROLLBACK');
      throw error;
    }
  }

  #control(sql: string): void {
    this.#run({ sql, parameters: [] });
  }

  #run({ sql, parameters }: Statement): readonly Row[] {
    this.#onStatement(sql, parameters);
    return this.#client.run(sql, parameters).rows;
  }

  /** Works with a short wait for locks, in the same tick in which nobody else's transaction is found open. */
  async #whenFree<T>(work: () => T): Promise<T> {
    for (let waitedMs = 0; this.inTransaction; waitedMs += PAUSE_MS) {
      if (waitedMs >= PATIENCE_MS) throw isOfEngine(this.#client.database) ? storeBusy() : sharedConnection();
      await sleep(PAUSE_MS);
    }
    return withShortWait(this.#client, work);
  }
}

function sharedConnection(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_SHARED_CONNECTION',
    message:
      'A transaction is open on the connection that the engine shares with the application, and what the engine writes would be part of it.',
    hint: 'End every transaction that a change or the application begins on this connection, or give the engine a connection of its own.',
  });
}

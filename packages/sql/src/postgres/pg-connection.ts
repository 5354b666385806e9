import { FlamingockError } from '@flamingock/core/spi';
import type { Row, SqlConnection, Statement, TransactionSettings } from '../driver/connection.js';
import { ANSWER_MS, isDoneWithin } from '../driver/time-limit.js';
import { transactionOfApplication } from '../driver/unfit-connection.js';
import type { SqlExecutor } from '../sql-executor.js';
import { ALONE, ofChange, opening } from './engine-settings.js';
import { inlined } from './literal.js';
import { type PgClient, type PgProtocol, type PgResult, resultsOf } from './pg-client.js';
import { PgExecutor } from './pg-executor.js';

/** What a connection needs besides its client. */
export interface PgLoan {
  /** There is no other connection, and the application may use it meanwhile: what it has open there is not ended. */
  readonly only?: boolean;
  /** Ends the loan; with a reason the connection must not be lent again. */
  giveBack(reason: Error | undefined): unknown;
  /** Told of each message of the engine before it is sent. */
  onStatement?(sql: string, parameters: readonly unknown[]): void;
}

/** A client of pg that is lent to one piece of work. It leaves nothing behind in the session. */
export class PgConnection implements SqlConnection {
  readonly keptWrites = false;
  readonly executor: SqlExecutor;
  readonly client: PgClient;
  readonly #protocol: PgProtocol;
  readonly #loan: PgLoan;
  #status: string;
  #lost: Error | undefined;
  #commitInDoubt = false;
  #discarded: Error | undefined;
  #transactionIsOurs = false;
  #withNext: readonly Statement[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #waiting: readonly (() => void)[] = [];

  constructor(client: PgClient, loan: PgLoan) {
    if (client.connection === undefined) throw notSupported();
    this.client = client;
    this.#protocol = client.connection;
    this.#loan = loan;
    this.#status = client.getTransactionStatus?.() ?? 'I';
    this.executor = new PgExecutor((sql, parameters) => this.#sendOne(sql, parameters));
    // A client that is lent has no other listener, and without one a broken connection would end the process.
    client.on('error', this.#onError);
    this.#protocol.on('readyForQuery', this.#onReady);
  }

  get inTransaction(): boolean {
    return this.#status !== 'I';
  }

  get aborted(): boolean {
    return this.#status === 'E';
  }

  get lost(): Error | undefined {
    return this.#lost;
  }

  get commitInDoubt(): boolean {
    return this.#commitInDoubt;
  }

  async settled(): Promise<void> {
    if (this.#lost !== undefined || this.client.readyForQuery !== false) return;
    const answer = new Promise<void>((resolve) => {
      this.#waiting = [...this.#waiting, resolve];
    });
    if (await isDoneWithin(ANSWER_MS, answer)) return;
    // Outside of a transaction of the engine, the statement under way may be one of the application.
    if (this.#loan.only !== true || this.#transactionIsOurs) this.abandon();
  }

  async send(statement: Statement): Promise<readonly Row[]> {
    if (this.#withNext.length === 0) return (await this.#sendOne(statement.sql, statement.parameters)).rows;
    return (await this.#sendTogether([...this.#takeWaiting(), inlined(statement)])).at(-1)?.rows ?? [];
  }

  async sendWithNext(statement: Statement): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    this.#withNext = [...this.#withNext, statement];
  }

  async sendAlone(statements: readonly Statement[]): Promise<readonly Row[]> {
    this.#assertFree();
    return (await this.#sendTogether([...ALONE, ...statements.map(inlined)])).at(-1)?.rows ?? [];
  }

  async begin(
    settings: TransactionSettings,
    statements: readonly Statement[],
  ): Promise<readonly (readonly Row[])[]> {
    this.#assertFree();
    const before = opening(settings);
    this.#transactionIsOurs = true;
    try {
      const results = await this.#sendTogether([
        ...before,
        ...statements.map(inlined),
        ...ofChange(settings),
      ]);
      return statements.map((_, index) => results[before.length + index]?.rows ?? []);
    } catch (error) {
      await this.rollback().catch(() => undefined);
      throw error;
    }
  }

  async commit(): Promise<void> {
    const reachable = this.#lost === undefined;
    let last: PgResult | undefined;
    try {
      last = (await this.#sendTogether([...this.#takeWaiting(), 'COMMIT'])).at(-1);
    } catch (error) {
      this.#commitInDoubt = reachable && this.#lost !== undefined;
      throw error;
    }
    // The server answers the commit of an aborted transaction with a roll-back, and calls that a success.
    this.#transactionIsOurs = false;
    if (last?.command !== 'COMMIT') throw rolledBackInstead();
  }

  async rollback(): Promise<void> {
    this.#withNext = [];
    if (this.#lost === undefined && this.inTransaction) await this.#sendTogether(['ROLLBACK']);
    this.#transactionIsOurs = false;
  }

  abandon(): void {
    this.#protocol.stream.destroy();
    this.#lose(new Error('The connection was cut: nobody waits any more for the statement under way.'));
  }

  discard(): void {
    this.#discarded = new Error('The session is as a change has left it.');
  }

  async release(): Promise<void> {
    if (this.#loan.only === true && this.#transactionIsOurs) await this.rollback().catch(() => undefined);
    const stuck = this.inTransaction ? new Error('A transaction was left open.') : undefined;
    try {
      await this.#loan.giveBack(this.#lost ?? this.#discarded ?? stuck);
    } catch {
      // The pool was ended meanwhile.
    }
    this.#protocol.removeListener('readyForQuery', this.#onReady);
    // Only now: what the pool lends no more has the pool's own listener again.
    this.client.removeListener('error', this.#onError);
  }

  readonly #onReady = ({ status }: { readonly status: string }): void => {
    this.#status = status;
    this.#wake();
  };

  readonly #onError = (error: Error): void => {
    this.#lose(error);
  };

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #takeWaiting(): readonly string[] {
    const waiting = this.#withNext;
    this.#withNext = [];
    return waiting.map(inlined);
  }

  async #sendOne(sql: string, parameters: readonly unknown[]): Promise<PgResult> {
    const values = parameters.length === 0 ? {} : { values: [...parameters] };
    const answer = await this.#inTurn({ text: sql, ...values });
    return resultsOf(answer).at(-1) ?? { command: '', rowCount: null, rows: [] };
  }

  async #sendTogether(texts: readonly string[]): Promise<readonly PgResult[]> {
    return resultsOf(await this.#inTurn({ text: texts.join(';\n') }));
  }

  /** One message after the other: pg itself will not queue them for ever. */
  #inTurn(message: { text: string; values?: unknown[] }): Promise<unknown> {
    const answer = this.#turn.then(() => this.#transmit(message));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #transmit(message: { text: string; values?: unknown[] }): Promise<unknown> {
    if (this.#lost !== undefined) throw this.#lost;
    this.#loan.onStatement?.(message.text, message.values ?? []);
    try {
      return await this.client.query(message);
    } catch (error) {
      // pg reports an error before the server has said where that leaves the transaction.
      await this.settled();
      throw error;
    }
  }

  /** What the engine writes would be part of that transaction. */
  #assertFree(): void {
    if (!this.inTransaction || this.#lost !== undefined) return;
    throw transactionOfApplication();
  }
}

function rolledBackInstead(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_ABORTED',
    message: 'The server rolled the transaction back instead of committing it. Nothing remains.',
    hint: 'A statement of the change had failed, and its error was swallowed: let it pass.',
  });
}

function notSupported(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: 'This client of pg does not show the messages of its connection; pg-native is not supported.',
    hint: 'Use the Pool or Client of pg itself, from version 8 on.',
  });
}

import type { Row, SqlConnection, Statement, TransactionSettings } from '../driver/connection.js';
import { ANSWER_MS, isDoneWithin } from '../driver/time-limit.js';
import { transactionOfApplication } from '../driver/unfit-connection.js';
import type { SqlExecutor } from '../sql-executor.js';
import { idleTimeout, ofChange, OWN_WAITS, set, THEIR_SETTINGS } from './engine-settings.js';
import type { MysqlClient } from './mysql-client.js';
import { MysqlExecutor } from './mysql-executor.js';
import { MysqlSession, type MysqlStatementListener, ofChanges } from './mysql-session.js';
import { sendApart, whenFree } from './shared-session.js';

/** What a connection needs besides its client. */
export interface MysqlLoan {
  /**
   * There is no other connection, and the application may use it meanwhile: what it has open there is neither written
   * into nor ended, and the connection is not given up.
   */
  readonly only?: boolean;
  /** Ends the loan; with a reason the connection must not be lent again. */
  giveBack(reason: Error | undefined): unknown;
  readonly onStatement?: MysqlStatementListener;
}

/** Plain, whatever `completion_type` the session has. */
const COMMIT = 'COMMIT AND NO CHAIN NO RELEASE';
const ROLLBACK = 'ROLLBACK AND NO CHAIN NO RELEASE';

/** A connection of mysql2 that is lent to one piece of work. It leaves the session as it has found it. */
export class MysqlConnection implements SqlConnection {
  readonly aborted = false;
  readonly executor: SqlExecutor;
  readonly client: MysqlClient;
  readonly #loan: MysqlLoan;
  readonly #session: MysqlSession;
  #commitInDoubt = false;
  #settingsAreOurs = false;
  #transactionIsOurs = false;
  #discarded: Error | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: MysqlClient, loan: MysqlLoan) {
    this.client = client;
    this.#loan = loan;
    this.#session = new MysqlSession(client, loan.onStatement);
    this.executor = new MysqlExecutor((sql, parameters) => this.#session.send(ofChanges(sql, parameters)));
  }

  get inTransaction(): boolean {
    return this.#session.inTransaction;
  }

  get lost(): Error | undefined {
    return this.#session.lost;
  }

  get commitInDoubt(): boolean {
    return this.#commitInDoubt;
  }

  get keptWrites(): boolean {
    return this.#session.keptWrites;
  }

  async settled(): Promise<void> {
    if (await isDoneWithin(ANSWER_MS, this.#session.settle())) return;
    // Outside of a transaction of the engine, the statement under way may be one of the application.
    if (this.#loan.only !== true || this.#transactionIsOurs) this.abandon();
  }

  async answered(result: unknown): Promise<void> {
    this.#session.answered(result);
    if (this.#session.inDoubt) await this.settled();
  }

  async send({ sql, answer }: Statement): Promise<readonly Row[]> {
    await this.#session.moveBack();
    const rows = await this.#session.ask(sql);
    return answer === undefined ? rows : this.#session.ask(answer.sql);
  }

  /** Nothing can share a message here. */
  async sendWithNext(statement: Statement): Promise<void> {
    await this.send(statement);
  }

  sendAlone(statements: readonly Statement[]): Promise<readonly Row[]> {
    return this.#inTurn(async () => {
      const [first, ...more] = statements;
      if (this.#loan.only !== true) return this.#sendInPool(statements);
      if (first !== undefined && more.length === 0) return sendApart(this.#session, first);
      try {
        return await whenFree(this.#session, () => this.#sendInPool(statements));
      } finally {
        // The application, and its changes, use the connection while the engine says nothing.
        await this.#restoreSettings();
      }
    });
  }

  begin(
    settings: TransactionSettings,
    statements: readonly Statement[],
  ): Promise<readonly (readonly Row[])[]> {
    const open = async (): Promise<readonly (readonly Row[])[]> => {
      await this.#takeOver(`${OWN_WAITS}${idleTimeout(settings)}`);
      return this.#withTransaction(async () => {
        const rows: (readonly Row[])[] = [];
        for (const statement of statements) rows.push(await this.send(statement));
        await this.#session.ask(set(ofChange(settings)));
        return rows;
      });
    };
    return this.#inTurn(() => (this.#loan.only === true ? whenFree(this.#session, open) : open()));
  }

  async commit(): Promise<void> {
    const before = this.lost;
    try {
      await this.#session.ask(COMMIT);
      this.#transactionIsOurs = false;
    } catch (error) {
      this.#commitInDoubt = before === undefined && this.#session.lost !== undefined;
      throw error;
    }
  }

  async rollback(): Promise<void> {
    if (this.lost !== undefined) return;
    const answer = await this.#session.tell(ROLLBACK);
    this.#transactionIsOurs = false;
    const warnings = answer?.warningStatus ?? 0;
    if (warnings > 0) await this.#session.noteKeptWrites(warnings);
  }

  abandon(): void {
    this.client.stream.destroy();
    this.#session.lose(
      new Error('The connection was cut: nobody waits any more for the statement under way.'),
    );
  }

  discard(): void {
    this.#discarded = new Error('The session is as a change has left it.');
  }

  async release(): Promise<void> {
    const reason = await this.#restore().then(
      () => this.lost,
      (error: unknown) => error as Error,
    );
    try {
      await this.#loan.giveBack(reason);
    } catch {
      // The pool was ended meanwhile.
    }
    // Only now: what the pool lends no more has the pool's own listener again.
    this.#session.detach();
  }

  async #sendInPool(statements: readonly Statement[]): Promise<readonly Row[]> {
    if (!this.#settingsAreOurs) await this.#takeOver(OWN_WAITS);
    const [only] = statements;
    if (only !== undefined && statements.length === 1 && this.#session.autocommit) return this.send(only);
    return this.#withTransaction(async () => {
      let rows: readonly Row[] = [];
      for (const statement of statements) rows = await this.send(statement);
      await this.commit();
      return rows;
    });
  }

  async #withTransaction<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.#session.ask('START TRANSACTION');
      this.#transactionIsOurs = true;
      return await work();
    } catch (error) {
      await this.rollback().catch(() => undefined);
      throw error;
    }
  }

  /** Sets what the engine needs, and with the answer learns whether a transaction of somebody else is open. */
  async #takeOver(list: string): Promise<void> {
    await this.#session.ask(set(list));
    this.#settingsAreOurs = true;
    if (!this.inTransaction) return;
    await this.#restoreSettings();
    throw transactionOfApplication();
  }

  async #restore(): Promise<void> {
    const { only = false } = this.#loan;
    if (this.lost !== undefined) return;
    if (this.#discarded !== undefined && !only) throw this.#discarded;
    if (this.#session.inDoubt) await this.settled();
    if ((this.inTransaction || this.#session.inDoubt) && !only)
      throw new Error('A transaction was left open.');
    if (this.inTransaction && this.#transactionIsOurs) await this.rollback();
    await this.#session.moveBack();
    await this.#restoreSettings();
  }

  async #restoreSettings(): Promise<void> {
    if (!this.#settingsAreOurs || this.lost !== undefined) return;
    await this.#session.ask(set(THEIR_SETTINGS));
    this.#settingsAreOurs = false;
  }

  /** What belongs together is not interrupted: a lease may be renewed while an entry is written. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

import { FlamingockError } from '@flamingock/core/spi';
import type { Row, SqlConnection, Statement, TransactionSettings } from '../driver/connection.js';
import type { SqlExecutor } from '../sql-executor.js';
import { idleTimeout, ofChange, OWN_WAITS, set, THEIR_SETTINGS } from './engine-settings.js';
import { headerOf, type MysqlClient, type MysqlQuery, rowsOf } from './mysql-client.js';
import { MysqlExecutor } from './mysql-executor.js';

/** What a connection needs besides its client. */
export interface MysqlLoan {
  /** There is no other connection: what is left open is rolled back, and not the connection given up. */
  readonly only?: boolean;
  /** Ends the loan; with a reason the connection must not be lent again. */
  giveBack(reason: Error | undefined): unknown;
  /** Told of each message of the engine before it is sent. */
  onStatement?(sql: string, parameters: readonly unknown[]): void;
}

/** Flags of the server's status, which comes with each answer that has no rows. */
const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/** The server has ended the connection: killed, shut down, idle for too long. */
const ENDED = new Set([1927, 1053, 4031]);

/** Plain, whatever `completion_type` the session has. */
const COMMIT = 'COMMIT AND NO CHAIN NO RELEASE';
const ROLLBACK = 'ROLLBACK AND NO CHAIN NO RELEASE';

/** A connection of mysql2 that is lent to one piece of work. It leaves the session as it has found it. */
export class MysqlConnection implements SqlConnection {
  readonly aborted = false;
  readonly executor: SqlExecutor;
  readonly client: MysqlClient;
  readonly #loan: MysqlLoan;
  #inTransaction = false;
  #autocommit = true;
  #lost: Error | undefined;
  #commitInDoubt = false;
  #settingsAreOurs = false;
  #movedTo: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting: ReadonlySet<(error: Error) => void> = new Set();

  constructor(client: MysqlClient, loan: MysqlLoan) {
    this.client = client;
    this.#loan = loan;
    this.executor = new MysqlExecutor((sql, parameters) => this.#send(ofChanges(sql, parameters)));
    // A connection that is lent has no other listener, and without one a broken connection would end the process.
    client.on('error', this.#onError);
    client.on('end', this.#onEnd);
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  get lost(): Error | undefined {
    return this.#lost;
  }

  get commitInDoubt(): boolean {
    return this.#commitInDoubt;
  }

  async settled(): Promise<void> {
    // An answer that is an error does not say it, and a deadlock, or a statement of DDL, has ended the transaction.
    await this.#ask('DO 0').catch(() => undefined);
  }

  answered(result: unknown): void {
    const header = headerOf(result) ?? headerOf(rawOf(result));
    if (header === undefined) return;
    this.#inTransaction = (header.serverStatus & IN_TRANSACTION) !== 0;
    this.#autocommit = (header.serverStatus & AUTOCOMMIT) !== 0;
    this.#movedTo = header.stateChanges?.schema ?? this.#movedTo;
  }

  async send({ sql, answer }: Statement): Promise<readonly Row[]> {
    await this.#moveBack();
    const rows = await this.#ask(sql);
    return answer === undefined ? rows : this.#ask(answer.sql);
  }

  /** Nothing can share a message here. */
  async sendWithNext(statement: Statement): Promise<void> {
    await this.send(statement);
  }

  sendAlone(statements: readonly Statement[]): Promise<readonly Row[]> {
    return this.#inTurn(async () => {
      if (!this.#settingsAreOurs) await this.#takeOver(OWN_WAITS);
      const [only] = statements;
      if (only !== undefined && statements.length === 1 && this.#autocommit) return this.send(only);
      await this.#ask('START TRANSACTION');
      try {
        let rows: readonly Row[] = [];
        for (const statement of statements) rows = await this.send(statement);
        await this.#ask(COMMIT);
        return rows;
      } catch (error) {
        await this.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  begin(
    settings: TransactionSettings,
    statements: readonly Statement[],
  ): Promise<readonly (readonly Row[])[]> {
    return this.#inTurn(async () => {
      await this.#takeOver(`${OWN_WAITS}${idleTimeout(settings)}`);
      try {
        await this.#ask('START TRANSACTION');
        const rows: (readonly Row[])[] = [];
        for (const statement of statements) rows.push(await this.send(statement));
        await this.#ask(set(ofChange(settings)));
        return rows;
      } catch (error) {
        await this.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  async commit(): Promise<void> {
    const reachable = this.#lost === undefined;
    try {
      await this.#ask(COMMIT);
    } catch (error) {
      this.#commitInDoubt = reachable && this.#lost !== undefined;
      throw error;
    }
  }

  async rollback(): Promise<void> {
    if (this.#lost === undefined) await this.#ask(ROLLBACK);
  }

  abandon(): void {
    this.client.stream.destroy();
    this.#lose(new Error('The connection was cut: nobody waits any more for the statement under way.'));
  }

  async release(): Promise<void> {
    const reason = await this.#restore().then(
      () => this.#lost,
      (error: unknown) => error as Error,
    );
    try {
      await this.#loan.giveBack(reason);
    } catch {
      // The pool was ended meanwhile.
    }
    this.client.removeListener('end', this.#onEnd);
    // Only now: what the pool lends no more has the pool's own listener again.
    this.client.removeListener('error', this.#onError);
  }

  readonly #onError = (error: Error = ended()): void => {
    this.#lose(error);
  };

  readonly #onEnd = (): void => {
    this.#lose(ended());
  };

  #lose(error: Error): void {
    this.#lost ??= error;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const reject of waiting) reject(error);
  }

  /** Sets what the engine needs, and with the answer learns whether a transaction of somebody else is open. */
  async #takeOver(list: string): Promise<void> {
    await this.#ask(set(list));
    this.#settingsAreOurs = true;
    if (!this.#inTransaction) return;
    throw new FlamingockError({
      code: 'FLG_STORE_SHARED_CONNECTION',
      message: 'A transaction of the application is open on the connection that the engine was given.',
      hint: 'End every transaction before its connection goes back to the pool, or give the engine a pool of its own.',
    });
  }

  async #restore(): Promise<void> {
    if (this.#lost !== undefined) return;
    if (this.#inTransaction && this.#loan.only !== true) throw new Error('A transaction was left open.');
    if (this.#inTransaction) await this.rollback();
    await this.#moveBack();
    if (this.#settingsAreOurs) await this.#ask(set(THEIR_SETTINGS));
  }

  /** A change may have said USE: then the engine's names, and those of who is lent it next, would mean other tables. */
  async #moveBack(): Promise<void> {
    const { database } = this.client.config;
    if (this.#movedTo === undefined || typeof database !== 'string') return;
    this.#movedTo = undefined;
    await this.#ask(`USE \`${database.replaceAll('`', '``')}\``);
    this.#movedTo = undefined;
  }

  async #ask(sql: string): Promise<readonly Row[]> {
    return rowsOf(await this.#send(ofEngine(sql))).map(decoded);
  }

  #send(query: MysqlQuery): Promise<unknown> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    this.#loan.onStatement?.(query.sql, query.values);
    return new Promise((resolve, reject) => {
      this.#waiting = new Set([...this.#waiting, reject]);
      this.client.query(query, (error, result) => {
        this.#waiting = new Set([...this.#waiting].filter((one) => one !== reject));
        if (error === null) {
          this.answered(result);
          resolve(result);
        } else {
          if (endsConnection(error)) this.#lose(error);
          reject(error);
        }
      });
    });
  }

  /** What belongs together is not interrupted: a lease may be renewed while an entry is written. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** Whatever the application has set for the shape of rows; its text is complete, and means nothing to the driver. */
function ofEngine(sql: string): MysqlQuery {
  return { sql, values: [], rowsAsArray: false, nestTables: false, namedPlaceholders: false, typeCast: true };
}

function ofChanges(sql: string, values: readonly unknown[]): MysqlQuery {
  return { sql, values, rowsAsArray: false };
}

/** Texts are read as bytes, so that they are what was written whatever character set the connection has. */
function decoded(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value.toString('utf8') : value,
    ]),
  );
}

/** TypeORM wraps what the driver has answered. */
function rawOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'raw' in result ? result.raw : undefined;
}

function endsConnection(error: Error): boolean {
  const { fatal, errno } = error as Error & { readonly fatal?: unknown; readonly errno?: unknown };
  return fatal === true || (typeof errno === 'number' && ENDED.has(errno));
}

function ended(): Error {
  return new Error('The server has closed the connection.');
}

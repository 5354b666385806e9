import type { Row } from '../driver/connection.js';
import {
  headerOf,
  isAutocommit,
  isInTransaction,
  type MysqlClient,
  type MysqlHeader,
  type MysqlQuery,
  rowsOf,
  tellsState,
} from './mysql-client.js';

/** Told of each message of the engine before it is sent. */
export type MysqlStatementListener = (sql: string, parameters: readonly unknown[]) => void;

/** The server has ended the connection: killed, shut down, idle for too long. */
const ENDED = new Set([1927, 1053, 4031]);

/** Tables without transactions keep what was written to them. */
const NOT_ROLLED_BACK = 1196;

/** What is said on a connection of mysql2 that is lent, and what its answers tell of the session. */
export class MysqlSession {
  readonly client: MysqlClient;
  readonly #onStatement: MysqlStatementListener | undefined;
  #inTransaction = false;
  #autocommit = true;
  #inDoubt = false;
  #keptWrites = false;
  #lost: Error | undefined;
  #movedTo: string | undefined;
  #waiting: ReadonlySet<(error: Error) => void> = new Set();

  constructor(client: MysqlClient, onStatement?: MysqlStatementListener) {
    this.client = client;
    this.#onStatement = onStatement;
    // A connection that is lent has no other listener, and without one a broken connection would end the process.
    client.on('error', this.#onError);
    client.on('end', this.#onEnd);
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Each statement commits by itself unless a transaction was begun. */
  get autocommit(): boolean {
    return this.#autocommit;
  }

  /** The last answer has not said where the transaction stands. */
  get inDoubt(): boolean {
    return this.#inDoubt;
  }

  /** A transaction was rolled back that had written to tables without transactions. */
  get keptWrites(): boolean {
    return this.#keptWrites;
  }

  get lost(): Error | undefined {
    return this.#lost;
  }

  /** Asks where the transaction stands. An answer that is an error does not say it. Never throws. */
  async settle(): Promise<void> {
    // Before anything else, which would clear them: a deadlock has rolled back.
    await this.noteKeptWrites();
    await this.ask('DO 0').catch(() => undefined);
  }

  /**
   * Looks whether the server has just rolled back, and could not undo everything. Never throws.
   *
   * @param counted how many warnings there are; where fewer can be read (`max_error_count`, a lost connection), it may be
   *   among the others
   */
  async noteKeptWrites(counted = 0): Promise<void> {
    const warnings = await this.ask('SHOW WARNINGS').catch(() => []);
    if (warnings.length < counted || warnings.some(({ Code: code }) => Number(code) === NOT_ROLLED_BACK))
      this.#keptWrites = true;
  }

  /** Looks at what a statement has answered. */
  answered(result: unknown): void {
    const answer = rawOf(result);
    const header = headerOf(answer);
    if (!tellsState(answer)) this.#inDoubt = true;
    if (header === undefined) return;
    if (tellsState(answer)) this.#inDoubt = false;
    this.#inTransaction = isInTransaction(header);
    this.#autocommit = isAutocommit(header);
    this.#movedTo = header.stateChanges?.schema ?? this.#movedTo;
  }

  /** A change may have said USE: then the engine's names, and those of who is lent it next, would mean other tables. */
  async moveBack(): Promise<void> {
    const { database } = this.client.config;
    if (this.#movedTo === undefined || typeof database !== 'string') return;
    this.#movedTo = undefined;
    await this.ask(`USE \`${database.replaceAll('`', '``')}\``);
    this.#movedTo = undefined;
  }

  /** Sends a statement of the engine and returns its rows. */
  async ask(sql: string): Promise<readonly Row[]> {
    return rowsOf(await this.send(ofEngine(sql))).map(decoded);
  }

  /** Sends a statement of the engine that returns no rows, and returns what the server says of it. */
  async tell(sql: string): Promise<MysqlHeader | undefined> {
    return headerOf(await this.send(ofEngine(sql)));
  }

  send(query: MysqlQuery): Promise<unknown> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    this.#onStatement?.(query.sql, query.values);
    return new Promise((resolve, reject) => {
      this.#waiting = new Set([...this.#waiting, reject]);
      this.client.query(query, (error, result) => {
        this.#waiting = new Set([...this.#waiting].filter((one) => one !== reject));
        if (error === null) {
          this.answered(result);
          resolve(result);
        } else {
          this.#inDoubt = true;
          if (endsConnection(error)) this.lose(error);
          reject(error);
        }
      });
    });
  }

  /** Nothing can be sent any more, and what was under way gets no answer. */
  lose(error: Error): void {
    this.#lost ??= error;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const reject of waiting) reject(error);
  }

  /** Listens no more. */
  detach(): void {
    this.client.removeListener('end', this.#onEnd);
    this.client.removeListener('error', this.#onError);
  }

  readonly #onError = (error: Error = ended()): void => {
    this.lose(error);
  };

  readonly #onEnd = (): void => {
    this.lose(ended());
  };
}

/** A statement of a change, with the shape of rows that its executor promises. */
export function ofChanges(sql: string, values: readonly unknown[]): MysqlQuery {
  return { sql, values, rowsAsArray: false };
}

/** Whatever the application has set for the shape of rows; its text is complete, and means nothing to the driver. */
function ofEngine(sql: string): MysqlQuery {
  return { sql, values: [], rowsAsArray: false, nestTables: false, namedPlaceholders: false, typeCast: true };
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
  return typeof result === 'object' && result !== null && 'raw' in result ? result.raw : result;
}

function endsConnection(error: Error): boolean {
  const { fatal, errno } = error as Error & { readonly fatal?: unknown; readonly errno?: unknown };
  return fatal === true || (typeof errno === 'number' && ENDED.has(errno));
}

function ended(): Error {
  return new Error('The server has closed the connection.');
}

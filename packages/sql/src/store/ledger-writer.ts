import {
  FlamingockError,
  type LeaseGrant,
  type LeaseRequest,
  type LedgerKey,
  type LedgerWriter,
  type SealedEntry,
} from '@flamingock/core/spi';
import { withCodedErrors } from '../dialect/coded.js';
import type { SqlStatements, TableDialect } from '../dialect/dialect.js';
import type { Row, SqlConnection, Statement } from '../driver/connection.js';
import { integer } from './content.js';

/** Sends one statement on a connection: in a transaction of its own, or in the one that is open. */
export type Send = (connection: SqlConnection, statement: Statement) => Promise<readonly Row[]>;

/** Writes to the ledger and the lock on a connection of a session, or of an open transaction. */
export class SqlLedgerWriter implements LedgerWriter {
  readonly #dialect: TableDialect;
  readonly #connection: () => SqlConnection;
  readonly #send: Send;

  constructor(dialect: TableDialect, connection: () => SqlConnection, send: Send) {
    this.#dialect = dialect;
    this.#connection = connection;
    this.#send = send;
  }

  async append(key: LedgerKey, entry: SealedEntry): Promise<void> {
    await this.write((statements) => statements.append(key, entry)).catch((error: unknown) => {
      throw this.#dialect.errors.isDuplicateEntry(error) ? sequenceTaken(entry.sequence, error) : error;
    });
  }

  async renew(
    key: LedgerKey,
    request: LeaseRequest,
    highestSequence: number,
  ): Promise<LeaseGrant | undefined> {
    const [row] = await this.write((statements) => statements.renew(key, request, highestSequence));
    return row === undefined ? undefined : { now: integer(row, 'now') };
  }

  /** Sends one statement of the dialect. Throws as {@link withCodedErrors}. */
  protected async write(choose: (statements: SqlStatements) => Statement): Promise<readonly Row[]> {
    const connection = this.#connection();
    const statement = choose(this.#dialect.statements);
    return withCodedErrors(connection, this.#dialect, { tables: 'audit', action: 'write' }, () =>
      this.#send(connection, statement),
    );
  }
}

function sequenceTaken(sequence: number, cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_SEQUENCE_TAKEN',
    message: `The ledger has an entry ${sequence} already.`,
    hint: 'Another instance has taken over; read the ledger again.',
    cause,
  });
}

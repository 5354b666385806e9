import {
  FlamingockError,
  type LeaseGrant,
  type LeaseRequest,
  type LedgerKey,
  type LedgerWriter,
  type SealedEntry,
} from '@flamingock/core/spi';
import { coded } from '../dialect/coded.js';
import type { SqlDialect } from '../dialect/dialect.js';
import type { Row, Statement } from '../driver/connection.js';
import { integer } from './content.js';

/** Writes to the ledger and the lock through whatever sends its statements: a session, or an open transaction. */
export class SqlLedgerWriter implements LedgerWriter {
  readonly #dialect: SqlDialect;
  readonly #send: (statement: Statement) => Promise<readonly Row[]>;

  constructor(dialect: SqlDialect, send: (statement: Statement) => Promise<readonly Row[]>) {
    this.#dialect = dialect;
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

  /** Sends one statement of the dialect. Throws `FLG_STORE_BUSY` where it may be repeated. */
  protected async write(
    choose: (statements: SqlDialect['statements']) => Statement,
  ): Promise<readonly Row[]> {
    try {
      return await this.#send(choose(this.#dialect.statements));
    } catch (error) {
      throw coded(this.#dialect, error);
    }
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

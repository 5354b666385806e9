import {
  type AuditSession,
  type CheckpointWriter,
  FlamingockError,
  hasCode,
  type LeaseGrant,
  type LeaseRequest,
  type LedgerContent,
  type LedgerKey,
} from '@flamingock/core/spi';
import { storeBusy } from '../dialect/coded.js';
import type { TableDialect } from '../dialect/dialect.js';
import type { SqlConnection } from '../driver/connection.js';
import { SqlCheckpoints } from './checkpoints.js';
import { integer, text } from './content.js';
import { SqlLedgerWriter } from './ledger-writer.js';
import { readLedger } from './read-ledger.js';

/** The pinned connection of a run. Each of its writes is a transaction of its own. */
export class SqlAuditSession extends SqlLedgerWriter implements AuditSession {
  readonly checkpoints: CheckpointWriter;
  readonly #dialect: TableDialect;
  #connection: SqlConnection | undefined;

  constructor(dialect: TableDialect, connection: SqlConnection) {
    super(
      dialect,
      () => this.#open(),
      (open, statement) => open.sendAlone([statement]),
    );
    this.#dialect = dialect;
    this.checkpoints = new SqlCheckpoints(dialect, () => this.#open());
    this.#connection = connection;
  }

  async read(key: LedgerKey, after: number): Promise<LedgerContent> {
    return readLedger(this.#open(), this.#dialect, key, after);
  }

  async acquire(key: LedgerKey, request: LeaseRequest): Promise<LeaseGrant | undefined> {
    const [row] = await this.write((statements) => statements.acquire(key, request));
    if (row === undefined) return undefined;
    const tookOverFrom = text(row, 'took_over_from');
    return { now: integer(row, 'now'), ...(tookOverFrom === undefined ? {} : { tookOverFrom }) };
  }

  override async renew(
    key: LedgerKey,
    request: LeaseRequest,
    highestSequence: number,
  ): Promise<LeaseGrant | undefined> {
    try {
      return await super.renew(key, request, highestSequence);
    } catch (error) {
      // A change outside of the engine's transactions may hold one of its own for a while.
      throw hasCode(error, 'FLG_STORE_SHARED_CONNECTION') ? storeBusy(error) : error;
    }
  }

  async release(key: LedgerKey, owner: string, highestSequence: number, completeFor?: string): Promise<void> {
    await this.write((statements) => statements.release(key, owner, highestSequence, completeFor));
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.release();
  }

  #open(): SqlConnection {
    if (this.#connection !== undefined) return this.#connection;
    throw new FlamingockError({
      code: 'FLG_CLOSED',
      message: 'The session of the audit store was closed.',
      hint: 'Open another one.',
    });
  }
}

import type { CheckpointWriter, ClaimedCheckpoint, LedgerKey, SavedCheckpoint } from '@flamingock/core/spi';
import { withCodedErrors } from '../dialect/coded.js';
import type { TableDialect } from '../dialect/dialect.js';
import type { Row, SqlConnection, Statement } from '../driver/connection.js';
import { integer, text } from './content.js';

/** Claims and saves checkpoints on the connection of a session, each in a transaction of its own. */
export class SqlCheckpoints implements CheckpointWriter {
  readonly #dialect: TableDialect;
  readonly #connection: () => SqlConnection;

  constructor(dialect: TableDialect, connection: () => SqlConnection) {
    this.#dialect = dialect;
    this.#connection = connection;
  }

  async claim(key: LedgerKey, changeId: string, sequence: number): Promise<ClaimedCheckpoint | undefined> {
    const [row] = await this.#send(this.#dialect.statements.claimCheckpoint(key, changeId, sequence));
    return row === undefined ? undefined : { savedBy: integer(row, 'saved_by'), text: text(row, 'value') };
  }

  async save(key: LedgerKey, changeId: string, value: SavedCheckpoint): Promise<boolean> {
    const rows = await this.#send(this.#dialect.statements.saveCheckpoint(key, changeId, value));
    return rows.length > 0;
  }

  #send(statement: Statement): Promise<readonly Row[]> {
    const connection = this.#connection();
    return withCodedErrors(connection, this.#dialect, { tables: 'checkpoint', action: 'write' }, () =>
      connection.sendAlone([statement]),
    );
  }
}

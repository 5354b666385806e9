import type { SqlConnection } from '../driver/connection.js';
import type { SqlDriver } from '../driver/driver.js';
import { withConnection } from '../driver/driver.js';
import { SqlExecutor } from '../sql-executor.js';
import { leftOpen } from './unended-transactions.js';

/**
 * The executor of changes with `transactional: false`: each statement commits by itself. One that leaves a transaction
 * open throws `FLG_TRANSACTION_BROKEN`, unless the next statement is sure to come on the same connection.
 */
export class AutocommitExecutor extends SqlExecutor {
  readonly #driver: SqlDriver;

  constructor(driver: SqlDriver) {
    super();
    this.#driver = driver;
  }

  query<T extends object>(sql: string, parameters?: readonly unknown[]): Promise<T[]> {
    return this.#alone(({ executor }) => executor.query<T>(sql, parameters));
  }

  execute(sql: string, parameters?: readonly unknown[]): Promise<{ readonly affected: number }> {
    return this.#alone(({ executor }) => executor.execute(sql, parameters));
  }

  #alone<T>(send: (connection: SqlConnection) => Promise<T>): Promise<T> {
    // What the application has begun there is its own, and what the change leaves open is looked for at its end.
    const isOnlyOne = this.#driver.foreignTransaction !== undefined;
    return withConnection(this.#driver, async (connection) => {
      const result = await send(connection);
      if (isOnlyOne || !connection.inTransaction) return result;
      await connection.rollback();
      throw leftOpen();
    });
  }
}

import type { SqlDriver } from '../driver/driver.js';
import { withConnection } from '../driver/driver.js';
import { SqlExecutor } from '../sql-executor.js';

/** The executor of changes with `transactional: false`: each statement commits by itself. */
export class AutocommitExecutor extends SqlExecutor {
  readonly #driver: SqlDriver;

  constructor(driver: SqlDriver) {
    super();
    this.#driver = driver;
  }

  query<T extends object>(sql: string, parameters?: readonly unknown[]): Promise<T[]> {
    return withConnection(this.#driver, ({ executor }) => executor.query<T>(sql, parameters));
  }

  execute(sql: string, parameters?: readonly unknown[]): Promise<{ readonly affected: number }> {
    return withConnection(this.#driver, ({ executor }) => executor.execute(sql, parameters));
  }
}

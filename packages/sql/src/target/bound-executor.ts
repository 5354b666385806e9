import { SqlExecutor } from '../sql-executor.js';
import type { StatementWatch } from './statement-watch.js';

/** The executor that one transactional change is given. */
export class BoundExecutor extends SqlExecutor {
  readonly #executor: SqlExecutor;
  readonly #watch: StatementWatch;

  constructor(executor: SqlExecutor, watch: StatementWatch) {
    super();
    this.#executor = executor;
    this.#watch = watch;
  }

  query<T extends object>(sql: string, parameters?: readonly unknown[]): Promise<T[]> {
    return this.#watch.run(sql, () => this.#executor.query<T>(sql, parameters));
  }

  execute(sql: string, parameters?: readonly unknown[]): Promise<{ readonly affected: number }> {
    return this.#watch.run(sql, () => this.#executor.execute(sql, parameters));
  }
}

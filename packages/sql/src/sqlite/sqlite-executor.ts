import { SqlExecutor } from '../sql-executor.js';
import type { SqliteClient, SqliteResult, StatementListener } from './sqlite-client.js';

/** The statements of a change on a SQLite client. */
export class SqliteExecutor extends SqlExecutor {
  readonly #client: SqliteClient;
  readonly #onStatement: StatementListener;

  constructor(client: SqliteClient, onStatement: StatementListener) {
    super();
    this.#client = client;
    this.#onStatement = onStatement;
  }

  async query<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return [...this.#run(sql, parameters).rows] as T[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<{ readonly affected: number }> {
    return { affected: this.#run(sql, parameters).affected };
  }

  #run(sql: string, parameters: readonly unknown[]): SqliteResult {
    this.#onStatement(sql, parameters);
    return this.#client.run(sql, parameters);
  }
}

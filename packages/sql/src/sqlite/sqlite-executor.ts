import { SqlExecutor } from '../sql-executor.js';
import type { SqliteClient } from './sqlite-client.js';

/** The statements of a change on a SQLite client. */
export class SqliteExecutor extends SqlExecutor {
  readonly #client: SqliteClient;

  constructor(client: SqliteClient) {
    super();
    this.#client = client;
  }

  async query<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return [...this.#client.run(sql, parameters).rows] as T[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<{ affected: number }> {
    return { affected: this.#client.run(sql, parameters).affected };
  }
}

import { SqlExecutor } from '../sql-executor.js';
import { headerOf, rowsOf } from './mysql-client.js';

/** The statements of a change on a connection of mysql2. */
export class MysqlExecutor extends SqlExecutor {
  readonly #send: (sql: string, parameters: readonly unknown[]) => Promise<unknown>;

  constructor(send: (sql: string, parameters: readonly unknown[]) => Promise<unknown>) {
    super();
    this.#send = send;
  }

  async query<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return [...rowsOf(await this.#send(sql, parameters))] as T[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<{ readonly affected: number }> {
    const result = await this.#send(sql, parameters);
    return { affected: headerOf(result)?.affectedRows ?? rowsOf(result).length };
  }
}

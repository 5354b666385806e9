import { SqlExecutor } from '../sql-executor.js';
import type { PgResult } from './pg-client.js';

/** The statements of a change on a client of pg. */
export class PgExecutor extends SqlExecutor {
  readonly #send: (sql: string, parameters: readonly unknown[]) => Promise<PgResult>;

  constructor(send: (sql: string, parameters: readonly unknown[]) => Promise<PgResult>) {
    super();
    this.#send = send;
  }

  async query<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return [...(await this.#send(sql, parameters)).rows] as T[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<{ readonly affected: number }> {
    return { affected: (await this.#send(sql, parameters)).rowCount ?? 0 };
  }
}

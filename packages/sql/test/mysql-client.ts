import type { MysqlClient } from '../src/mysql/mysql-client.js';

/** The server's status after a statement. */
export const STATUS = { inTransaction: 1, autocommit: 2 } as const;

/** What a statement answers that returns no rows. */
export function header(serverStatus: number = STATUS.autocommit, warningStatus = 0): object {
  return { affectedRows: 0, serverStatus, warningStatus };
}

/**
 * A client of mysql2 without a server.
 *
 * @param answer what a statement answers: a header, rows, an error, or a promise of one of them
 */
export function mysqlClient(answer: (sql: string) => unknown): MysqlClient {
  const none = (): undefined => undefined;
  return {
    config: {},
    stream: { destroy: none },
    query({ sql }, use) {
      void Promise.resolve(answer(sql)).then((result) => {
        if (result instanceof Error) use(result);
        else use(null, result);
      });
    },
    destroy: none,
    on: none,
    removeListener: none,
  };
}

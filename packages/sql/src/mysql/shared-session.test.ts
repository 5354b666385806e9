import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { header, mysqlClient, STATUS } from '../../test/mysql-client.js';
import { MysqlSession } from './mysql-session.js';
import { sendApart, whenFree } from './shared-session.js';

const INSERT = { sql: 'INSERT', parameters: [] };
const SHARED = { code: 'FLG_STORE_SHARED_CONNECTION' };

/** A session in which the application turns autocommit off behind the first look, and what the savepoint then answers. */
function withoutAutocommit(undone: unknown): MysqlSession {
  let looked = 0;
  return new MysqlSession(
    mysqlClient((sql) => {
      if (sql === 'DO 0') return header((looked += 1) === 1 ? STATUS.autocommit : STATUS.inTransaction);
      if (sql.startsWith('SAVEPOINT')) return header(0);
      if (sql.startsWith('ROLLBACK TO')) return undone;
      return header(sql === 'INSERT' ? STATUS.inTransaction : 0);
    }),
  );
}

test('a statement that the way back to the savepoint has undone was not written, whatever the savepoint said', async () => {
  await expect(sendApart(withoutAutocommit(header(STATUS.inTransaction)), INSERT)).rejects.toMatchObject(
    SHARED,
  );
});

test('nobody knows what becomes of a statement without autocommit where the way back has failed', async () => {
  const failed = new Error('the way back has failed');
  await expect(sendApart(withoutAutocommit(failed), INSERT)).rejects.toBe(failed);
});

test('a statement that commits by itself has no way back', async () => {
  const session = new MysqlSession(
    mysqlClient((sql) => (sql.startsWith('ROLLBACK TO') ? new Error('no such savepoint') : header())),
  );
  await expect(sendApart(session, INSERT)).resolves.toEqual([]);
});

test('the patience counts the time that the connection takes to answer', async () => {
  let asked = 0;
  const session = new MysqlSession(
    mysqlClient(async () => {
      asked += 1;
      return sleep(100, header(STATUS.inTransaction));
    }),
  );
  await expect(whenFree(session, () => Promise.resolve())).rejects.toMatchObject(SHARED);
  // Of the fifty pauses of the patience only those are left that the answers have not used up.
  expect(asked).toBeLessThan(20);
});

import { expect, test } from '@jest/globals';
import { header, mysqlClient, STATUS } from '../../test/mysql-client.js';
import { MysqlConnection } from './mysql-connection.js';

const ANY_TIME_MS = 30_000;
const never = new Promise<never>(() => undefined);
const timedOut = Object.assign(new Error('Query inactivity timeout'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });

/** The server has answered everything up to a statement that the client has given up. */
function silentAfterTimeout(): (sql: string) => unknown {
  let silent = false;
  return (sql) => {
    if (silent) return never;
    silent = sql === 'SLOW';
    return silent ? timedOut : header(sql.startsWith('START') ? STATUS.inTransaction : STATUS.autocommit);
  };
}

test(
  'a connection that does not answer after a time-out of the client is lost',
  async () => {
    const connection = new MysqlConnection(mysqlClient(silentAfterTimeout()), { giveBack: () => undefined });
    await connection.begin({ idleTimeoutMs: 1_000 }, []);
    await expect(connection.executor.query('SLOW')).rejects.toBe(timedOut);
    await connection.settled();
    expect(connection.lost).toBeDefined();
    await expect(connection.executor.query('NEXT')).rejects.toBe(connection.lost);
    await connection.release();
  },
  ANY_TIME_MS,
);

test(
  'the only connection of the application is given back, and not cut, where nothing of the engine is open on it',
  async () => {
    let wasCut = false;
    let wasGivenBack = false;
    const client = mysqlClient(silentAfterTimeout());
    client.stream.destroy = () => (wasCut = true);
    const connection = new MysqlConnection(client, { only: true, giveBack: () => (wasGivenBack = true) });
    await expect(connection.executor.query('SLOW')).rejects.toBe(timedOut);
    await connection.release();
    expect({ wasCut, wasGivenBack }).toEqual({ wasCut: false, wasGivenBack: true });
  },
  ANY_TIME_MS,
);

test.each([
  ['the warning', [{ Code: 1196 }], true],
  ['another warning', [{ Code: 1292 }], false],
  ['an empty list', [], true],
  ['no list', new Error('the connection is gone'), true],
])('a roll-back with a warning, of which the server shows %s, has kept writes: %s', async (_, list, kept) => {
  const client = mysqlClient((sql) => {
    if (sql === 'SHOW WARNINGS') return list;
    return header(STATUS.autocommit, sql.startsWith('ROLLBACK') ? 1 : 0);
  });
  const connection = new MysqlConnection(client, { giveBack: () => undefined });
  await connection.rollback();
  expect(connection.keptWrites).toBe(kept);
});

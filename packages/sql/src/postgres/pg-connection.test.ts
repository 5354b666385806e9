import { expect, test } from '@jest/globals';
import type { PgClient } from './pg-client.js';
import { PgConnection } from './pg-connection.js';

const ANY_TIME_MS = 30_000;
const timedOut = new Error('Query read timeout');

/** A client of pg that has given up its statement, of which the server has not said that it is over. */
function silentAfterTimeout(cut: () => void): PgClient {
  const none = (): undefined => undefined;
  return {
    readyForQuery: false,
    connection: {
      stream: { destroy: cut },
      on: none,
      removeListener: none,
    },
    query: () => Promise.reject(timedOut),
    on: none,
    removeListener: none,
  };
}

test.each([
  ['of a pool is lost', false],
  ['that is the only one is left to the application', true],
])(
  'a connection that does not answer after a time-out of the client, and %s',
  async (_what, only) => {
    let wasCut = false;
    const client = silentAfterTimeout(() => (wasCut = true));
    const connection = new PgConnection(client, { only, giveBack: () => undefined });
    await expect(connection.executor.query('SELECT 1')).rejects.toBe(timedOut);
    expect(wasCut).toBe(!only);
    expect(connection.lost !== undefined).toBe(!only);
    await connection.release();
  },
  ANY_TIME_MS,
);

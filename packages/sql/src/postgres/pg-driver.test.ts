import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import type { PgClient } from './pg-client.js';
import { pgClientDriver, pgPoolDriver } from './pg-driver.js';

let server: Server;
let pool: pg.Pool;

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(SIGNED_IN_AND_ENDED));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  pool = new pg.Pool({ host: '127.0.0.1', port, user: 'app', database: 'orders' });
  pool.on('error', () => undefined);
});
afterEach(async () => {
  await pool.end();
  server.close();
});

test('a server that shuts down in the breath in which it lets somebody in fails the request and not the process', async () => {
  const connection = await pgPoolDriver(pool).connect();
  await expect(connection.send({ sql: 'SELECT 1', parameters: [] })).rejects.toMatchObject({ code: '57P01' });
  await connection.release();
});

test('a single client of a version that tells no status is not taken for one on which nothing is open', () => {
  const older = new pg.Client() as PgClient;
  expect(pgClientDriver(older).foreignTransaction?.isOpen()).toBe(false);
  Object.defineProperty(older, 'getTransactionStatus', { value: undefined });
  expect(pgClientDriver(older).foreignTransaction).toBeUndefined();
});

/** What a server that is told to stop may send at once, so that the client reads all of it in one turn. */
const SIGNED_IN_AND_ENDED = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('Z', Buffer.from('I')),
  message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0')),
]);

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sqlAuditStore } from '@flamingock/sql';
import mysql from 'mysql2/promise';
import { ownMariadb, startMariadb, type Mariadb } from '../../../tools/services/mariadb.mjs';
import type { Database, DatabaseServer, DatabaseSystem } from './database.js';
import { CHANGE_ENTRIES, FENCES } from './tables.js';

const run = promisify(execFile);

export const MARIADB: DatabaseSystem = {
  name: 'MariaDB',
  service: ownMariadb,
  ownService: ownMariadb,
  // An entry never shares the transaction of a change, because one of its statements may commit it.
  transactions: ['TX_SEPARATE'],
  sendsRows: true,
  // How long it waits for a client that takes no rows: the default is a minute.
  start: async () => serverOf(await startMariadb({ exclusive: true, settings: { net_write_timeout: '3' } })),
};

function serverOf(server: Mariadb): DatabaseServer {
  async function createDatabase(): Promise<{ readonly url: string }> {
    const { url } = await server.createDatabase();
    const name = nameOf(url);
    // The administrator may write to a server that is read-only.
    await administer(server.url, [
      `CREATE USER '${name}'@'127.0.0.1' IDENTIFIED BY '${name}'`,
      `GRANT ALL ON ${name}.* TO '${name}'@'127.0.0.1'`,
    ]);
    return { url: Object.assign(new URL(url), { username: name, password: name }).href };
  }

  async function restore(copy: string, over: string): Promise<void> {
    const name = nameOf(over);
    await administer(server.url, [`DROP DATABASE ${name}`, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`]);
    await load(server.url, nameOf(copy), name);
  }

  return {
    createDatabase,
    async copy(url) {
      const copied = await createDatabase();
      await load(server.url, nameOf(url), nameOf(copied.url));
      return copied;
    },
    restore,
    forProxy: (url) => url,
    connect: (url) => Promise.resolve(connect(url)),
    kill: () => server.kill(),
    restart: () => server.restart(),
    setReadOnly: (readOnly) => server.set('read_only', readOnly ? 'ON' : 'OFF'),
    stop: () => server.stop(),
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function administer(url: string, statements: readonly string[]): Promise<void> {
  const client = await mysql.createConnection(url);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** As operators do it: dumps one database and reads that into the other, which is empty. */
async function load(url: string, from: string, to: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const login = [`--host=${hostname}`, `--port=${port}`, `--user=${username}`, `--password=${password}`];
  const folder = await mkdtemp(join(tmpdir(), 'flamingock-dump-'));
  try {
    const file = join(folder, 'dump.sql');
    await run('mariadb-dump', [
      '--no-defaults',
      ...login,
      '--single-transaction',
      `--result-file=${file}`,
      from,
    ]);
    const reading = run('mariadb', ['--no-defaults', ...login, to]);
    const { stdin } = reading.child;
    if (stdin === null) throw new Error('The client of MariaDB has no input.');
    await Promise.all([reading, pipeline(createReadStream(file), stdin)]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ROWS = { flow: 'User sleep', 'are stuck': 'Writing to net' };

function connect(url: string): Database {
  const pool = mysql.createPool({ uri: url, connectionLimit: 1 });

  async function select(statement: string, values: string[] = []): Promise<mysql.RowDataPacket[]> {
    const [rows] = await pool.query<mysql.RowDataPacket[]>(statement, values);
    return rows;
  }

  /** None where the table does not exist. */
  async function rowsOf(table: string, statement: string): Promise<readonly unknown[]> {
    return (await select('SHOW TABLES LIKE ?', [table])).length === 0 ? [] : select(statement);
  }

  return {
    async prepareEffects() {
      await pool.query(
        'CREATE TABLE effects (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL, done boolean)',
      );
    },
    async effects() {
      return (await select('SELECT name FROM effects ORDER BY id')).map(({ name }) => String(name));
    },
    auditStore: () => sqlAuditStore(pool),
    async now() {
      return Number((await select('SELECT UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS ms'))[0]?.['ms']);
    },
    async lockExpiry() {
      const [lock] = await select('SELECT expires_at AS ms FROM flamingock_lock');
      return lock === undefined ? undefined : Number(lock['ms']);
    },
    async untilRows(state) {
      const find = `SELECT id FROM information_schema.processlist WHERE db = database() AND state = ?`;
      while ((await select(find, [ROWS[state]])).length === 0) await pause(20);
    },
    changeEntries: () => rowsOf('flamingock_ledger', CHANGE_ENTRIES),
    fences: () => rowsOf('flamingock_fence', FENCES),
    async dump() {
      const tables = await select(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() ORDER BY 1',
      );
      const dump: Record<string, unknown> = {};
      for (const { name } of tables) dump[String(name)] = await select(`SELECT * FROM \`${String(name)}\``);
      return dump;
    },
    close: () => pool.end(),
  };
}

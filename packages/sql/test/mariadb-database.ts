import mysql from 'mysql2/promise';
import type { Mariadb } from '../../../tools/services/mariadb.mjs';
import { startTcpProxy } from '../../../tools/services/tcp-proxy.mjs';

/** A new database of MariaDB with any number of pools and connections. */
export interface MariadbDatabase {
  readonly url: string;
  /** Another pool, as another process would have one. */
  openPool(options?: mysql.PoolOptions): mysql.Pool;
  openConnection(options?: mysql.ConnectionOptions): Promise<mysql.Connection>;
  /** The address of a proxy whose connections break before the next answer, once that is asked for. */
  unreliable(): Promise<{ readonly uri: string; readonly loseReplies: () => Promise<void> }>;
  /** The address for a user of its own who has these rights and no other. */
  restricted(rights: readonly string[]): Promise<string>;
  /** The way around what is tested. */
  readonly raw: mysql.Pool;
  close(): Promise<void>;
}

/** A user has at most 32 characters before MySQL 8 and 80 on MariaDB. */
const USER = 'restricted_';

export async function mariadbDatabase(server: Mariadb): Promise<MariadbDatabase> {
  const { url } = await server.createDatabase();
  const name = new URL(url).pathname.slice(1);
  const closing: (() => Promise<unknown>)[] = [];
  const raw = mysql.createPool({ uri: url, connectionLimit: 2 });
  return {
    url,
    raw,
    openPool(options = {}) {
      const pool = mysql.createPool({ uri: url, ...options });
      closing.push(() => pool.end());
      return pool;
    },
    async openConnection(options = {}) {
      const connection = await mysql.createConnection({ uri: url, ...options });
      // Some cases break it.
      connection.on('error', () => undefined);
      closing.push(async () => {
        connection.destroy();
        return Promise.resolve();
      });
      return connection;
    },
    async unreliable() {
      const proxy = await startTcpProxy(url);
      closing.push(() => proxy.close());
      return { uri: proxy.url, loseReplies: () => proxy.setMode('drop-replies') };
    },
    async restricted(rights) {
      const user = `${USER}${name.slice(-12)}`;
      await raw.query(`CREATE USER ${user} IDENTIFIED BY 'secret'`);
      closing.push(() => raw.query(`DROP USER ${user}`));
      for (const right of rights) await raw.query(`GRANT ${right} TO ${user}`);
      return Object.assign(new URL(url), { username: user, password: 'secret' }).href;
    },
    async close() {
      for (const close of closing.reverse()) await close();
      await raw.end();
    },
  };
}

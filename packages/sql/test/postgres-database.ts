import pg from 'pg';
import type { Postgres } from '../../../tools/services/postgres.mjs';
import { startTcpProxy } from '../../../tools/services/tcp-proxy.mjs';

/** A new PostgreSQL database with any number of pools and clients. */
export interface PostgresDatabase {
  readonly url: string;
  /** Another pool, as another process would have one. */
  openPool(options?: pg.PoolConfig): pg.Pool;
  /** A connected client; with the options of one of the pools it connects as that does. */
  openClient(options?: pg.ClientConfig): Promise<pg.Client>;
  /** A pool whose connections break before the next answer, once that is asked for. */
  openUnreliablePool(): Promise<{ readonly pool: pg.Pool; readonly loseReplies: () => Promise<void> }>;
  /** A pool of a role of its own that has these rights and no other, straight to the server. */
  openRestrictedPool(rights: string): Promise<pg.Pool>;
  /** The way around what is tested: straight to the server. */
  readonly raw: pg.Pool;
  close(): Promise<void>;
}

/**
 * @param through where pools and clients connect to instead of the server: a PgBouncer or a proxy in front of it
 */
export async function postgresDatabase(server: Postgres, through?: string): Promise<PostgresDatabase> {
  const { url } = await server.createDatabase();
  const reached = new URL(url);
  if (through !== undefined) reached.host = new URL(through).host;
  const closing: (() => Promise<unknown>)[] = [];

  const openPool = (options: pg.PoolConfig = {}): pg.Pool => {
    const pool = new pg.Pool({ connectionString: reached.href, ...options });
    pool.on('error', () => undefined);
    closing.push(() => pool.end());
    return pool;
  };
  const raw = new pg.Pool({ connectionString: url, max: 2 });
  raw.on('error', () => undefined);
  return {
    url: reached.href,
    raw,
    openPool,
    async openClient(options = {}) {
      const client = new pg.Client({ connectionString: reached.href, ...options });
      client.on('error', () => undefined);
      await client.connect();
      closing.push(() => client.end());
      return client;
    },
    async openUnreliablePool() {
      const proxy = await startTcpProxy(reached.href);
      closing.push(() => proxy.close());
      const pool = openPool({ connectionString: proxy.url });
      return { pool, loseReplies: () => proxy.setMode('drop-replies') };
    },
    async openRestrictedPool(rights) {
      const role = `restricted_${new URL(url).pathname.slice(1)}`;
      await raw.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT ${rights} TO ${role}`);
      closing.push(() => raw.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
      return openPool({
        connectionString: Object.assign(new URL(url), { username: role, password: 'secret' }).href,
      });
    },
    async close() {
      // Whoever is still connected as a role keeps it from going.
      for (const close of closing.reverse()) await close();
      await raw.end();
    },
  };
}

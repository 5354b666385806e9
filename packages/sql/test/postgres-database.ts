import pg from 'pg';
import type { Postgres } from '../../../tools/services/postgres.mjs';

/** A new PostgreSQL database with any number of pools and clients. */
export interface PostgresDatabase {
  readonly url: string;
  /** Another pool, as another process would have one; its sessions have a time zone of their own. */
  openPool(options?: pg.PoolConfig): pg.Pool;
  openClient(): Promise<pg.Client>;
  /** The way around what is tested: straight to the server. */
  readonly raw: pg.Pool;
  close(): Promise<void>;
}

const TIME_ZONES = ['Pacific/Auckland', 'America/St_Johns', 'UTC', 'Asia/Kathmandu'];

/**
 * @param through where pools and clients connect to instead of the server: a PgBouncer or a proxy in front of it
 */
export async function postgresDatabase(server: Postgres, through?: string): Promise<PostgresDatabase> {
  const { url } = await server.createDatabase();
  const reached = new URL(url);
  if (through !== undefined) reached.host = new URL(through).host;
  const closing: (() => Promise<void>)[] = [];
  let opened = 0;

  const openPool = (options: pg.PoolConfig = {}): pg.Pool => {
    const timeZone = TIME_ZONES[opened % TIME_ZONES.length];
    opened += 1;
    const pool = new pg.Pool({
      connectionString: reached.href,
      // A pooler takes no options of sessions.
      ...(through === undefined ? { options: `-c TimeZone=${timeZone}` } : {}),
      ...options,
    });
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
    async openClient() {
      const client = new pg.Client({ connectionString: reached.href });
      client.on('error', () => undefined);
      await client.connect();
      closing.push(() => client.end());
      return client;
    },
    async close() {
      await Promise.all(closing.map((close) => close()));
      await raw.end();
    },
  };
}

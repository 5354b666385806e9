import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Postgres } from '../../../tools/services/postgres.mjs';
import { startTcpProxy } from '../../../tools/services/tcp-proxy.mjs';
import { Probe } from './probe.js';

type Options = Partial<Extract<DataSourceOptions, { type: 'postgres' }>>;

/** A new PostgreSQL database with any number of data sources. */
export interface PostgresDataSources {
  readonly url: string;
  /** Another data source, as another process would have one. */
  open(options?: Options): Promise<DataSource>;
  /** A data source whose connections break before the next answer, once that is asked for. */
  openUnreliable(): Promise<{ readonly dataSource: DataSource; readonly loseReplies: () => Promise<void> }>;
  /** A data source of a role of its own that has these rights and no other, straight to the server. */
  openRestricted(rights: string): Promise<DataSource>;
  /** The way around what is tested: straight to the server. */
  readonly raw: DataSource;
  close(): Promise<void>;
}

/**
 * @param through where data sources connect to instead of the server: a PgBouncer in front of it
 */
export async function postgresDataSources(server: Postgres, through?: string): Promise<PostgresDataSources> {
  const { url } = await server.createDatabase();
  const reached = new URL(url);
  if (through !== undefined) reached.host = new URL(through).host;
  const closing: (() => Promise<unknown>)[] = [];
  const connect = async (options: Options): Promise<DataSource> => {
    const dataSource = new DataSource({
      type: 'postgres',
      url: reached.href,
      entities: [Probe],
      poolErrorHandler: () => undefined,
      ...options,
    });
    closing.push(() => dataSource.destroy());
    return dataSource.initialize();
  };
  const raw = await connect({ url, synchronize: true });
  return {
    url: reached.href,
    open: (options = {}) => connect(options),
    async openUnreliable() {
      const proxy = await startTcpProxy(reached.href);
      closing.push(() => proxy.close());
      const dataSource = await connect({ url: proxy.url });
      return { dataSource, loseReplies: () => proxy.setMode('drop-replies') };
    },
    async openRestricted(rights) {
      const role = `restricted_${new URL(url).pathname.slice(1)}`;
      await raw.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT ${rights} TO ${role}`);
      closing.push(() => raw.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
      return connect({ url: Object.assign(new URL(url), { username: role, password: 'secret' }).href });
    },
    raw,
    async close() {
      // Whoever is still connected as a role keeps it from going.
      for (const close of closing.reverse()) await close();
    },
  };
}

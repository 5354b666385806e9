import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Postgres } from '../../../tools/services/postgres.mjs';
import { Probe } from './probe.js';

type Options = Partial<Extract<DataSourceOptions, { type: 'postgres' }>>;

/** A new PostgreSQL database with any number of data sources. */
export interface PostgresDataSources {
  readonly url: string;
  /** Another data source, as another process would have one. */
  open(options?: Options): Promise<DataSource>;
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
  const opened: DataSource[] = [];
  const connect = async (options: Options): Promise<DataSource> => {
    const dataSource = new DataSource({ type: 'postgres', url: reached.href, entities: [Probe], ...options });
    opened.push(dataSource);
    return dataSource.initialize();
  };
  return {
    url: reached.href,
    open: (options = {}) => connect(options),
    raw: await connect({ url, synchronize: true }),
    async close() {
      await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    },
  };
}

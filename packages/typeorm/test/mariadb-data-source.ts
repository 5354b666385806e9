import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Mariadb } from '../../../tools/services/mariadb.mjs';
import { startTcpProxy } from '../../../tools/services/tcp-proxy.mjs';
import { Probe } from './probe.js';

type Options = Partial<Extract<DataSourceOptions, { type: 'mariadb' | 'mysql' }>>;

/** A new database of MariaDB with any number of data sources. */
export interface MariadbDataSources {
  /** Another data source, as another process would have one. */
  open(options?: Options): Promise<DataSource>;
  /** A data source whose connections break before the next answer, once that is asked for. */
  openUnreliable(): Promise<{ readonly dataSource: DataSource; readonly loseReplies: () => Promise<void> }>;
  /** A data source of a user of its own who has these rights and no other. */
  openRestricted(rights: readonly string[]): Promise<DataSource>;
  /** The way around what is tested. */
  readonly raw: DataSource;
  close(): Promise<void>;
}

export async function mariadbDataSources(server: Mariadb): Promise<MariadbDataSources> {
  const { url } = await server.createDatabase();
  const name = new URL(url).pathname.slice(1);
  const closing: (() => Promise<unknown>)[] = [];
  const connect = async (options: Options): Promise<DataSource> => {
    const dataSource = new DataSource({ type: 'mariadb', url, entities: [Probe], ...options });
    closing.push(() => dataSource.destroy());
    return dataSource.initialize();
  };
  const raw = await connect({});
  // Not by TypeORM, which would make the key a text: these servers take only a part of one for a key.
  await raw.query('CREATE TABLE probe (value varchar(200) PRIMARY KEY, note text)');
  return {
    open: (options = {}) => connect(options),
    async openUnreliable() {
      const proxy = await startTcpProxy(url);
      closing.push(() => proxy.close());
      const dataSource = await connect({ url: proxy.url });
      return { dataSource, loseReplies: () => proxy.setMode('drop-replies') };
    },
    async openRestricted(rights) {
      const user = `restricted_${name.slice(-12)}`;
      await raw.query(`CREATE USER ${user} IDENTIFIED BY 'secret'`);
      closing.push(() => raw.query(`DROP USER ${user}`));
      for (const right of rights) await raw.query(`GRANT ${right} TO ${user}`);
      return connect({ url: Object.assign(new URL(url), { username: user, password: 'secret' }).href });
    },
    raw,
    async close() {
      for (const close of closing.reverse()) await close();
    },
  };
}

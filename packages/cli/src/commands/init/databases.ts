import { type ChangeClient, ENTITY_MANAGER, SQL_EXECUTOR } from '../../sources/change-client.js';

/** A kind of database that a first configuration can be written for, through one driver. */
export interface Database {
  /** What `--database` says. */
  readonly id: string;
  readonly title: string;
  /** The packages of the application by which it is recognised: all of them are there. */
  readonly recognisedBy: readonly string[];
  /** What has to be installed beside the core. */
  readonly packages: readonly string[];
  /** Types of them, where the project is TypeScript. */
  readonly types: readonly string[];
  /** The environment variable with the address. */
  readonly variable: string;
  /** Which class the client is of, and where it comes from. */
  readonly driver: { readonly name: string; readonly module: string; readonly isDefault: boolean };
  /** The client, made with the address. */
  readonly make: (driver: string, address: string) => string;
  /** The client is there only when a promise is. */
  readonly connects: boolean;
  /** How the client is closed. */
  readonly close: string;
  /** The functions that make audit store and target of a client. */
  readonly store: string;
  readonly target: string;
  readonly adapter: string;
  readonly client: ChangeClient;
  /** What sends one statement in a change. */
  readonly send: (statement: string) => string;
}

const PG: Pick<Database, 'driver' | 'make' | 'connects' | 'close' | 'variable'> = {
  driver: { name: 'Pool', module: 'pg', isDefault: false },
  make: (driver, address) => `new ${driver}({ connectionString: ${address} })`,
  connects: false,
  close: 'end',
  variable: 'DATABASE_URL',
};

const BETTER_SQLITE3: typeof PG = {
  driver: { name: 'Database', module: 'better-sqlite3', isDefault: true },
  make: (driver, address) => `new ${driver}(${address})`,
  connects: false,
  close: 'close',
  variable: 'DATABASE_FILE',
};

const MYSQL2: typeof PG = {
  driver: { name: 'createPool', module: 'mysql2/promise', isDefault: false },
  make: (driver, address) => `${driver}({ uri: ${address} })`,
  connects: false,
  close: 'end',
  variable: 'DATABASE_URL',
};

const SQL: Pick<Database, 'store' | 'target' | 'adapter' | 'client' | 'send'> = {
  store: 'sqlAuditStore',
  target: 'sqlTarget',
  adapter: '@flamingock/sql',
  client: SQL_EXECUTOR,
  send: (statement) => `await sql.execute('${statement}');`,
};

/** TypeORM's `DataSource` over one of its drivers. */
function typeorm(
  type: string,
  address: 'url' | 'database',
  variable: string,
): Omit<Database, 'id' | 'title' | 'recognisedBy' | 'packages' | 'types'> {
  return {
    driver: { name: 'DataSource', module: 'typeorm', isDefault: false },
    make: (driver, value) => `new ${driver}({ type: '${type}', ${address}: ${value} }).initialize()`,
    connects: true,
    close: 'destroy',
    variable,
    store: 'typeormAuditStore',
    target: 'typeormTarget',
    adapter: '@flamingock/typeorm',
    client: ENTITY_MANAGER,
    send: (statement) => `await manager.query('${statement}');`,
  };
}

/** Every database that `flamingock init` knows. What is recognised by more packages comes first. To add one, add it here. */
export const DATABASES: readonly Database[] = [
  {
    id: 'typeorm-postgres',
    title: 'PostgreSQL, through TypeORM',
    recognisedBy: ['typeorm', 'pg'],
    packages: ['@flamingock/sql', '@flamingock/typeorm', 'typeorm', 'pg'],
    types: [],
    ...typeorm('postgres', 'url', 'DATABASE_URL'),
  },
  {
    id: 'typeorm-sqlite',
    title: 'SQLite, through TypeORM',
    recognisedBy: ['typeorm', 'better-sqlite3'],
    packages: ['@flamingock/sql', '@flamingock/typeorm', 'typeorm', 'better-sqlite3'],
    types: [],
    ...typeorm('better-sqlite3', 'database', 'DATABASE_FILE'),
  },
  {
    id: 'postgres',
    title: 'PostgreSQL, through pg',
    recognisedBy: ['pg'],
    packages: ['@flamingock/sql', 'pg'],
    types: ['@types/pg'],
    ...PG,
    ...SQL,
  },
  {
    id: 'mysql',
    title: 'MariaDB or MySQL, through mysql2',
    recognisedBy: ['mysql2'],
    packages: ['@flamingock/sql', 'mysql2'],
    types: [],
    ...MYSQL2,
    ...SQL,
  },
  {
    id: 'sqlite',
    title: 'SQLite, through better-sqlite3',
    recognisedBy: ['better-sqlite3'],
    packages: ['@flamingock/sql', 'better-sqlite3'],
    types: ['@types/better-sqlite3'],
    ...BETTER_SQLITE3,
    ...SQL,
  },
];

/** What the packages of a project fit: with TypeORM the drivers are its own, and not the application's. */
export function recognisedDatabases(dependencies: Readonly<Record<string, string>>): readonly Database[] {
  const found = DATABASES.filter(({ recognisedBy }) => recognisedBy.every((name) => name in dependencies));
  const most = Math.max(...found.map(({ recognisedBy }) => recognisedBy.length));
  return found.filter(({ recognisedBy }) => recognisedBy.length === most);
}

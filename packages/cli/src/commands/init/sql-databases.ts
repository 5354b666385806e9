import { ENTITY_MANAGER, SQL_EXECUTOR } from '../../sources/change-client.js';
import type { Database } from './database.js';

const CREATE = 'CREATE TABLE flamingock_example (id integer PRIMARY KEY)';
const DROP = 'DROP TABLE flamingock_example';

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

const SQL: Pick<Database, 'store' | 'target' | 'adapter' | 'client' | 'example'> = {
  store: 'sqlAuditStore',
  target: 'sqlTarget',
  adapter: '@flamingock/sql',
  client: SQL_EXECUTOR,
  example: { apply: `await sql.execute('${CREATE}');`, rollback: `await sql.execute('${DROP}');` },
};

/** TypeORM's `DataSource` over one of its drivers. */
function typeorm(
  type: string,
  address: 'url' | 'database',
  variable: string,
): Omit<Database, 'id' | 'title' | 'recognisedBy' | 'inPlaceOf' | 'packages' | 'types'> {
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
    inNest: { token: 'DataSource', imported: 'DataSource', from: 'typeorm', module: 'TypeOrmModule' },
    example: { apply: `await manager.query('${CREATE}');`, rollback: `await manager.query('${DROP}');` },
  };
}

/** The databases of `@flamingock/sql` and `@flamingock/typeorm`. */
export const SQL_DATABASES: readonly Database[] = [
  {
    id: 'typeorm-postgres',
    title: 'PostgreSQL, through TypeORM',
    recognisedBy: ['typeorm', 'pg'],
    inPlaceOf: 'postgres',
    packages: ['@flamingock/sql', '@flamingock/typeorm', 'typeorm', 'pg'],
    types: [],
    ...typeorm('postgres', 'url', 'DATABASE_URL'),
  },
  {
    id: 'typeorm-mysql',
    title: 'MariaDB or MySQL, through TypeORM',
    recognisedBy: ['typeorm', 'mysql2'],
    inPlaceOf: 'mysql',
    packages: ['@flamingock/sql', '@flamingock/typeorm', 'typeorm', 'mysql2'],
    types: [],
    ...typeorm('mysql', 'url', 'DATABASE_URL'),
  },
  {
    id: 'typeorm-sqlite',
    title: 'SQLite, through TypeORM',
    recognisedBy: ['typeorm', 'better-sqlite3'],
    inPlaceOf: 'sqlite',
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

import { drizzle } from './drizzle.mjs';
import { knexMigrations } from './knex.mjs';
import { kysely } from './kysely.mjs';
import { nodePgMigrate } from './node-pg-migrate.mjs';
import { typeorm } from './typeorm.mjs';
import { umzug } from './umzug.mjs';

export { flamingockOnPg, flamingockReadingAll } from './flamingock.mjs';
export { flamingockOnMysql } from './flamingock-mysql.mjs';
export { flamingockOnTypeorm } from './flamingock-typeorm.mjs';

/** What people use today, in the order of the tables. */
export const peers = [knexMigrations, kysely, umzug, nodePgMigrate, drizzle, typeorm];

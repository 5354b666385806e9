import { drizzle } from './drizzle.mjs';
import { flamingockOnMongodb } from './flamingock-mongodb.mjs';
import { flamingockOnMysql } from './flamingock-mysql.mjs';
import { flamingockOnTypeorm } from './flamingock-typeorm.mjs';
import { flamingockOnPg, flamingockReadingAll } from './flamingock.mjs';
import { knexMigrations } from './knex.mjs';
import { kysely } from './kysely.mjs';
import { migrateMongo } from './migrate-mongo.mjs';
import { nodePgMigrate } from './node-pg-migrate.mjs';
import { tsMigrateMongoose } from './ts-migrate-mongoose.mjs';
import { typeorm } from './typeorm.mjs';
import { umzug } from './umzug.mjs';

/**
 * Who is measured on a database.
 *
 * @typedef {object} Field
 * @property {readonly Contender[]} starting this software, in `startup`
 * @property {readonly Limited[]} applying this software, in `apply`
 * @property {readonly Contender[]} peers what people use today, in the order of the tables
 */

/** @typedef {import('./contender.mjs').Contender} Contender */

/**
 * @typedef {object} Limited
 * @property {Contender} contender
 * @property {number} roundTrips how many a change may send beside its own
 * @property {number} fixed how many a run may send beside its changes and what every start sends that finds something
 *   pending
 */

/** @type {Readonly<Record<import('../options.mjs').Database, Field>>} */
export const FIELDS = {
  postgres: {
    starting: [flamingockOnPg('TX_SHARED'), flamingockReadingAll()],
    applying: [
      { contender: flamingockOnPg('TX_SHARED'), roundTrips: 3, fixed: 1 },
      { contender: flamingockOnPg('TX_SEPARATE'), roundTrips: 4, fixed: 2 },
      { contender: flamingockOnPg('NON_TX'), roundTrips: 2, fixed: 1 },
      { contender: flamingockOnTypeorm('TX_SHARED'), roundTrips: 5, fixed: 1 },
      { contender: flamingockOnTypeorm('TX_SEPARATE'), roundTrips: 6, fixed: 2 },
      { contender: flamingockOnTypeorm('NON_TX'), roundTrips: 4, fixed: 1 },
    ],
    peers: [knexMigrations, kysely, umzug, nodePgMigrate, drizzle, typeorm],
  },
  mariadb: {
    starting: [flamingockOnMysql('TX_SEPARATE')],
    // No more than it takes now: sessions there are set and put back by statements.
    applying: [
      { contender: flamingockOnMysql('TX_SEPARATE'), roundTrips: 12, fixed: 8 },
      { contender: flamingockOnMysql('NON_TX'), roundTrips: 2, fixed: 4 },
    ],
    peers: [knexMigrations, typeorm],
  },
  mongodb: {
    starting: [flamingockOnMongodb('TX_SHARED')],
    // Entries and claims are transactions of their own: each is two.
    applying: [
      { contender: flamingockOnMongodb('TX_SHARED'), roundTrips: 3, fixed: 2 },
      { contender: flamingockOnMongodb('TX_SEPARATE'), roundTrips: 7, fixed: 4 },
      { contender: flamingockOnMongodb('NON_TX'), roundTrips: 4, fixed: 2 },
    ],
    peers: [migrateMongo, tsMigrateMongoose],
  },
};

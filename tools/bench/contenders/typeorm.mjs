import { DataSource } from 'typeorm';
import { isMysql, numbers, statementOf } from '../changes.mjs';
import { versionOf } from './version-of.mjs';

/** TypeORM takes the order from the time-stamp at the end of a class's name. @param {number} number */
const stampOf = (number) => 1_700_000_000_000 + number;

/** @type {import('./contender.mjs').Contender} */
export const typeorm = {
  name: 'typeorm',
  version: versionOf('typeorm'),
  way: 'dataSource.runMigrations() with the migration classes in the options of a data source that is initialised',
  safety: 'no lock; all pending migrations in one transaction',

  async open({ url, count }) {
    const type = isMysql(url) ? 'mariadb' : 'postgres';
    const dataSource = new DataSource({ type, url, migrations: numbers(count).map(migrationOf) });
    await dataSource.initialize();
    return {
      start: () => dataSource.runMigrations(),
      close: () => dataSource.destroy(),
    };
  },

  async seed(pool, count) {
    await pool.query(
      `INSERT INTO migrations (timestamp, name) SELECT stamp, 'Change' || stamp FROM unnest($1::bigint[]) AS stamp`,
      [numbers(count).slice(1).map(stampOf)],
    );
  },
};

/** @param {number} number */
function migrationOf(number) {
  return class {
    name = `Change${stampOf(number)}`;

    /** @param {import('typeorm').QueryRunner} runner */
    async up(runner) {
      await runner.query(statementOf(number));
    }

    async down() {}
  };
}

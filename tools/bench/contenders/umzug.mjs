import { Sequelize } from 'sequelize';
import { SequelizeStorage, Umzug } from 'umzug';
import { nameOf, numbers, statementOf } from '../changes.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('./contender.mjs').Contender} */
export const umzug = {
  name: 'umzug',
  version: `${versionOf('umzug')}, on Sequelize ${versionOf('sequelize')}`,
  way: 'umzug.up() with migrations in memory and its SequelizeStorage',
  safety: 'no lock, no transaction: a migration and its record are two statements',

  async open({ url, count }) {
    const sequelize = new Sequelize(url, { logging: false, pool: { min: 3, max: 10 } });
    await sequelize.authenticate();
    const migrations = numbers(count).map((number) => ({
      name: nameOf(number),
      up: () => sequelize.query(statementOf(number)),
    }));
    const context = sequelize.getQueryInterface();
    const storage = new SequelizeStorage({ sequelize });
    const migrator = new Umzug({ migrations, storage, context, logger: undefined });
    return { start: () => migrator.up(), close: () => sequelize.close() };
  },

  async seed(pool, count) {
    await pool.query('INSERT INTO "SequelizeMeta" (name) SELECT unnest($1::text[])', [
      numbers(count).slice(1).map(nameOf),
    ]);
  },
};

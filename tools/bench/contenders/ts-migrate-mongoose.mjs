import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Migrator } from 'ts-migrate-mongoose';
import { effectOf, nameOf, numbers } from '../changes.mjs';
import { versionOf } from './version-of.mjs';

/** Files are sorted by the time that their name begins with. @param {number} number */
const fileOf = (number) => `${1_700_000_000_000 + number}-${nameOf(number)}.mjs`;

/** @type {import('./contender.mjs').Contender} */
export const tsMigrateMongoose = {
  name: 'ts-migrate-mongoose',
  version: `${versionOf('ts-migrate-mongoose')}, on Mongoose ${versionOf('mongoose')}`,
  way: "migrator.run('up') with JavaScript files, autosync, and a migrator that is connected",
  safety: 'no lock, no transaction: a migration and its record are two writes',

  async open({ url, count, folder }) {
    for (const number of numbers(count)) {
      const effect = JSON.stringify(effectOf(number));
      const source = `export const up = (connection) => connection.collection('effects').insertOne(${effect});\n`;
      writeFileSync(join(folder, fileOf(number)), source);
    }
    const migrator = await Migrator.connect({
      uri: url,
      migrationsPath: folder,
      autosync: true,
      connectOptions: { minPoolSize: 3 },
    });
    // Otherwise Mongoose would still be creating its collection and index.
    await migrator.migrationModel.init();
    const client = migrator.connection.getClient();
    const ping = () => client.db().command({ ping: 1 });
    await Promise.all([ping(), ping(), ping()]);
    return {
      start: () => migrator.run('up'),
      close: () => migrator.close(),
      clients: [client],
    };
  },
};

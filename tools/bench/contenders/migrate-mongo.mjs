import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { config, database, up } from 'migrate-mongo';
import { effectOf, nameOf, numbers } from '../changes.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('./contender.mjs').Contender} */
export const migrateMongo = {
  name: 'migrate-mongo',
  version: versionOf('migrate-mongo'),
  way: 'up(db, client) with JavaScript files and the configuration of migrate-mongo init',
  safety: 'no lock as it is configured at first, no transaction: a migration and its record are two writes',

  async open({ url, count, folder }) {
    for (const number of numbers(count)) {
      const effect = JSON.stringify(effectOf(number));
      const source = `module.exports = { up: (db) => db.collection('effects').insertOne(${effect}) };\n`;
      writeFileSync(join(folder, `${nameOf(number)}.js`), source);
    }
    const configuration = {
      mongodb: { url, databaseName: new URL(url).pathname.slice(1), options: { minPoolSize: 3 } },
      migrationsDir: folder,
      changelogCollectionName: 'changelog',
      lockCollectionName: 'changelog_lock',
      lockTtl: 0,
      migrationFileExtension: '.js',
      useFileHash: false,
      moduleSystem: 'commonjs',
    };
    config.set(configuration);
    const { db, client } = await database.connect();
    const ping = () => db.command({ ping: 1 });
    await Promise.all([ping(), ping(), ping()]);
    return {
      start() {
        // It is one for the whole process.
        config.set(configuration);
        return up(db, client);
      },
      close: () => client.close(),
      clients: [client],
    };
  },
};

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execute } from '../services/postgres-client.mjs';
import { startPostgres } from '../services/postgres.mjs';
import { ended, endings, start } from './child.mjs';

/**
 * `npm start -w shipping-fastify`: the application on the database of `DATABASE_URL`, or on a PostgreSQL of its own that
 * has the history of the service and is gone with it. Its exit code is the application's.
 */
const application = join(import.meta.dirname, '../../apps/shipping-fastify');
const { DATABASE_URL } = process.env;

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
const stopping = new AbortController();
for (const signal of endings) {
  process.on(signal, () => {
    stopping.abort();
    child?.kill(signal);
  });
}

const server = DATABASE_URL === undefined ? await startPostgres() : undefined;
try {
  const url = server === undefined ? DATABASE_URL : await databaseWithHistory(server);
  if (!stopping.signal.aborted) {
    child = start(process.execPath, [join(application, 'dist/main.js')], {
      env: { FLAMINGOCK_ENV: 'local', ...process.env, DATABASE_URL: url },
    });
    process.exitCode = await ended(child);
  }
} finally {
  await server?.stop();
}

/** @param {import('../services/postgres.mjs').Postgres} server */
async function databaseWithHistory(server) {
  const { url } = await server.createDatabase();
  await execute(url, await readFile(join(application, 'history.sql'), 'utf8'));
  return url;
}

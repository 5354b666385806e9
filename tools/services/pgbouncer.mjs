import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardedServer, onFreePort } from './guarded-server.mjs';
import { findProgram, install, named } from './installation.mjs';
import { answers } from './postgres-client.mjs';
import { namedPostgres } from './postgres.mjs';
import { unlessRoot } from './system-user.mjs';

/** @type {import('./installation.mjs').Service} */
export const pgBouncer = {
  name: 'PgBouncer',
  packages: ['pgbouncer'],
  variable: 'FLAMINGOCK_TEST_PGBOUNCER_URL',
  find: () => findProgram('pgbouncer', ['/usr/sbin', '/usr/local/sbin']),
};

/** @typedef {{ readonly url: string, readonly stop: () => Promise<void> }} PgBouncer */

/**
 * Starts a PgBouncer in transaction mode on a free port of 127.0.0.1, in front of a PostgreSQL server, and installs
 * it where it is missing. Its `url` is `upstream` by way of it; every other database of that server is there under
 * its own name as well. `FLAMINGOCK_TEST_PGBOUNCER_URL` names a running one that stands in front of the server that
 * `FLAMINGOCK_TEST_POSTGRES_URL` names; it is used for databases of that server alone. Whoever starts one stops it.
 *
 * @param {object} options
 * @param {string} options.upstream
 * @param {number} [options.poolSize] connections to each database, default 20
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<PgBouncer>}
 */
export async function startPgBouncer({ upstream, poolSize = 20 }) {
  const { hostname, port, host, username, password } = new URL(upstream);
  const [running, behind] = [named(pgBouncer), namedPostgres()];
  if (running !== undefined && behind !== undefined && host === new URL(behind).host) {
    return { url: at(upstream, new URL(running).host), stop: async () => {} };
  }

  const program = await install(pgBouncer);
  const server = await GuardedServer.open('pgbouncer', unlessRoot('postgres'));
  /** @param {number} ownPort */
  const urlAt = (ownPort) => at(upstream, `127.0.0.1:${ownPort}`);
  try {
    await writeFile(
      join(server.folder, 'users'),
      `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`,
    );
    const ownPort = await onFreePort(async (candidate) => {
      await writeFile(
        join(server.folder, 'pgbouncer.ini'),
        `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${candidate}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users
admin_users = ${decodeURIComponent(username)}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 1000
`,
      );
      // Its own console: the server behind must not see that somebody asked.
      const ready = () =>
        answers(Object.assign(new URL(urlAt(candidate)), { pathname: 'pgbouncer' }).href, 'SHOW VERSION');
      await server.start(program, ['pgbouncer.ini'], { ready, endSignal: 'SIGTERM' });
    });
    return { url: urlAt(ownPort), stop: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * The same address at another host and port.
 *
 * @param {string} url
 * @param {string} host
 */
function at(url, host) {
  return Object.assign(new URL(url), { host }).href;
}

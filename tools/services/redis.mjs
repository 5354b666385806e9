import { connect } from 'node:net';
import { GuardedServer, onFreePort } from './guarded-server.mjs';
import { findProgram, install, named } from './installation.mjs';

/** @type {import('./installation.mjs').Service} */
export const redis = {
  name: 'Redis',
  packages: ['redis-server'],
  variable: 'FLAMINGOCK_TEST_REDIS_URL',
  find: () => findProgram('redis-server'),
};

/** @typedef {{ readonly url: string, readonly stop: () => Promise<void> }} Redis */

/**
 * Starts an empty Redis on a free port of 127.0.0.1, which writes nothing to its disk, and installs it where it is missing.
 * `FLAMINGOCK_TEST_REDIS_URL` names a running one that is used instead. Whoever starts one stops it.
 *
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<Redis>}
 */
export async function startRedis() {
  const running = named(redis);
  if (running !== undefined) return { url: running, stop: async () => {} };
  const program = await install(redis);
  const server = await GuardedServer.open('redis');
  try {
    const port = await onFreePort(async (candidate) => {
      const settings = [
        '--port',
        `${candidate}`,
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--dir',
        server.folder,
      ];
      await server.start(program, settings, { ready: () => answers(candidate), endSignal: 'SIGTERM' });
    });
    return { url: `redis://127.0.0.1:${port}`, stop: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
    socket.once('error', () => done(false));
  });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardedServer, onFreePort } from './guarded-server.mjs';
import { findProgram, install } from './installation.mjs';

/** @type {import('./installation.mjs').Service} */
export const nginx = {
  name: 'nginx',
  packages: ['nginx-light'],
  find: () => findProgram('nginx', ['/usr/sbin', '/usr/local/sbin']),
};

/**
 * A running nginx. `configuration` is a folder whose `*.conf` files are part of `http`; `control` is the command, and its
 * first arguments, that speak to this nginx: `-t` tries its files, `-s reload` makes it read them.
 *
 * @typedef {object} Nginx
 * @property {string} url
 * @property {string} configuration
 * @property {readonly string[]} control
 * @property {() => Promise<void>} stop
 */

/**
 * Starts an nginx on a free port of 127.0.0.1 that answers 404 to everything but what is in its `configuration`, and
 * installs it where it is missing. Whoever starts one stops it.
 *
 * @param {(port: number) => string} site the first file in `configuration`, `site.conf`
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 * @returns {Promise<Nginx>}
 */
export async function startNginx(site) {
  const program = await install(nginx);
  const server = await GuardedServer.open('nginx');
  const { folder } = server;
  const configuration = join(folder, 'conf.d');
  const control = [program, '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
  try {
    await mkdir(configuration);
    await writeFile(join(folder, 'nginx.conf'), mainFile());
    const port = await onFreePort(async (candidate) => {
      await writeFile(join(configuration, 'site.conf'), site(candidate));
      const ready = () => answers(`http://127.0.0.1:${candidate}/`);
      await server.start(program, control.slice(1), { ready, endSignal: 'SIGTERM' });
    });
    return { url: `http://127.0.0.1:${port}`, configuration, control, stop: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** As who runs this process, with everything that it writes in its own folder. */
function mainFile() {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid nginx.pid;
events {}
http {
  access_log off;
  ${kinds.map((kind) => `${kind}_temp_path ${kind};`).join('\n  ')}
  include conf.d/*.conf;
}
`;
}

/** @param {string} url */
async function answers(url) {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

import { createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { ended, endings, start } from './child.mjs';

/**
 * `npm start`: the platform of the worked example, and then the application. Its exit code is the
 * application's, and nothing outlives it. All state lies in `.data`, so that the next start finds it.
 */
const root = join(import.meta.dirname, '../..');
const data = join(root, '.data');
const address = '127.0.0.1';

const {
  PORT = '3000',
  CONTROL_PORT = '4100',
  REGISTRY_PORT = '4101',
  CONTRACTS_PORT = '4102',
  GATEWAY_PORT = '4103',
} = process.env;
const ports = { PORT, CONTROL_PORT, REGISTRY_PORT, CONTRACTS_PORT, GATEWAY_PORT };

/** @param {string} port */
async function isTaken(port) {
  const server = createServer().listen(Number(port), address);
  try {
    await once(server, 'listening');
    return false;
  } catch {
    return true;
  } finally {
    server.close();
  }
}

for (const [variable, port] of Object.entries(ports)) {
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    console.error(`${variable} is '${port}', which is no port. Give a number from 0 to 65535.`);
    process.exit(1);
  }
  if (await isTaken(port)) {
    console.error(`Port ${port} on ${address} is taken. Free it, or choose another with ${variable}.`);
    process.exit(1);
  }
}

mkdirSync(data, { recursive: true });

const platform = start(process.execPath, ['apps/platform/dist/main.js'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, ...ports, PLATFORM_DATA: join(data, 'platform') },
});
/** @type {import('node:child_process').ChildProcess | undefined} */
let application;
/** @type {NodeJS.Signals | undefined} */
let ending;
for (const signal of endings) {
  process.on(signal, () => {
    if (ending !== undefined) return;
    ending = signal;
    (application ?? platform).kill(signal);
  });
}

/** Whether the platform came up. Its output is read to the end, so that it never blocks on a full pipe. */
const ready = await new Promise((resolve) => {
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (platform.stdout) });
  lines.on('line', (line) => line.startsWith('platform ready') && resolve(true));
  lines.on('close', () => resolve(false));
});

if (ready && ending === undefined) {
  const child = start(process.execPath, ['apps/orders-nestjs/dist/main.js'], {
    cwd: root,
    env: {
      FLAMINGOCK_ENV: 'local',
      ...process.env,
      PORT,
      ORDERS_DB: join(data, 'orders.sqlite'),
      AUDIT_DB: join(data, 'audit.sqlite'),
      SCHEMA_REGISTRY_URL: `http://${address}:${REGISTRY_PORT}`,
      CONTRACTS_URL: `http://${address}:${CONTRACTS_PORT}`,
      GATEWAY_URL: `http://${address}:${GATEWAY_PORT}`,
    },
  });
  application = child;
  const platformEnded = ended(platform).then(() => child.kill('SIGTERM'));
  process.exitCode = await ended(child);
  platform.kill('SIGTERM');
  await platformEnded;
} else {
  process.exitCode = (await ended(platform)) || 1;
}

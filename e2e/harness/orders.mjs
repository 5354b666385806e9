import { createServer } from 'node:net';
import { cp, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the application is built. */
export const APPLICATION = dirname(fileURLToPath(import.meta.resolve('orders-nestjs/package.json')));

/**
 * One release of the orders application, ready to be started any number of times on one pair of databases: two files,
 * unless a start is given `DATABASE_URL`.
 */
export class OrdersRelease {
  #sandbox;
  #platform;
  #directory;

  /**
   * @param {import('./sandbox.mjs').Sandbox} sandbox
   * @param {Readonly<Record<'registry' | 'contracts' | 'gateway', string>>} platform addresses
   * @param {string} [directory] where the application was built; default: in the workspace
   */
  constructor(sandbox, platform, directory = APPLICATION) {
    this.#sandbox = sandbox;
    this.#platform = platform;
    this.#directory = directory;
  }

  get ordersDatabase() {
    return this.#sandbox.path('orders.db');
  }

  get auditDatabase() {
    return this.#sandbox.path('audit.db');
  }

  /**
   * Starts one instance.
   *
   * @param {number} port
   * @param {Readonly<Record<string, string>>} [environment] beside what it needs
   */
  start(port, environment = {}) {
    return this.#sandbox.start('orders-nestjs', [join(this.#directory, 'dist', 'main.js')], {
      PORT: String(port),
      FLAMINGOCK_ENV: 'local',
      ORDERS_DB: this.ordersDatabase,
      AUDIT_DB: this.auditDatabase,
      SCHEMA_REGISTRY_URL: this.#platform.registry,
      CONTRACTS_URL: this.#platform.contracts,
      GATEWAY_URL: this.#platform.gateway,
      NO_COLOR: '1',
      ...environment,
    });
  }

  /**
   * The next release: the application as it was built, in a folder of its own, with one more change.
   *
   * @param {(changes: string) => Promise<void>} addChange writes it into the folder of changes
   * @param {string} [name] of the folder
   */
  async next(addChange, name = 'next-release') {
    const directory = this.#sandbox.path(name);
    await cp(join(this.#directory, 'dist'), join(directory, 'dist'), { recursive: true });
    await cp(join(APPLICATION, 'package.json'), join(directory, 'package.json'));
    await symlink(join(APPLICATION, '..', '..', 'node_modules'), join(directory, 'node_modules'));
    await addChange(join(directory, 'dist', 'changes'));
    return new OrdersRelease(this.#sandbox, this.#platform, directory);
  }
}

/** A port of 127.0.0.1 that nobody uses at this moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { fileURLToPath } from 'node:url';
import { OrdersRelease } from '../../e2e/harness/orders.mjs';
import { openMariadbShop } from '../../e2e/harness/shops/mariadb-shop.mjs';
import { openMongodbShop } from '../../e2e/harness/shops/mongodb-shop.mjs';
import { openPostgresShop, openSqliteShop } from '../../e2e/harness/shops/typeorm-shop.mjs';
import { mariadb, startMariadb } from '../services/mariadb.mjs';
import { mongodb, startMongodb } from '../services/mongodb.mjs';
import { postgres, startPostgres } from '../services/postgres.mjs';
import { writeCountedChange, writeRefusedChange } from './changes.mjs';

/** @typedef {import('../../e2e/harness/sandbox.mjs').Sandbox} Sandbox */
/** @typedef {import('../../e2e/harness/shops/shop.mjs').Shop} Shop */
/** @typedef {Readonly<Record<'registry' | 'contracts' | 'gateway', string>>} Addresses */

/**
 * A release of the application: starts one process of it.
 *
 * @typedef {(environment: Readonly<Record<string, string>>) => import('../../e2e/harness/child.mjs').Child} Release
 */

/**
 * Where the orders and the ledger are, and the application that runs on it.
 *
 * @typedef {object} RaceStore
 * @property {string} title
 * @property {readonly import('../services/installation.mjs').Service[]} services that it takes
 * @property {() => Promise<{ readonly openShop: (sandbox: Sandbox) => Promise<Shop>, readonly stop: () => Promise<unknown> }>} start
 * @property {string} loads the module beside its program that is most of the application
 * @property {(sandbox: Sandbox, systems: Addresses, goAhead: string) => Promise<{ readonly counted: Release, readonly refused: Release }>} releases
 *   one with five changes, and the next one with a sixth, which holds until the file `goAhead` is there
 */

/** @typedef {keyof typeof STORES} StoreName */

/** The sample, as it was built; what it does not have, a fixture has. */
const SAMPLE = {
  loads: 'app.module.js',
  /** @type {RaceStore['releases']} */
  async releases(sandbox, systems, goAhead) {
    const counted = await new OrdersRelease(sandbox, systems).next(writeCountedChange, 'counted');
    const refused = await counted.next((changes) => writeRefusedChange(changes, goAhead), 'refused');
    return {
      counted: (environment) => counted.start(0, environment),
      refused: (environment) => refused.start(0, environment),
    };
  },
};

const MAIN = fileURLToPath(new URL('../../e2e/fixtures/race/main.mjs', import.meta.url));

/** The same changes as the sample's, on databases that it does not run on. */
const SERVICE = {
  loads: 'service.mjs',
  /** @type {RaceStore['releases']} */
  releases(sandbox, { registry, contracts, gateway }, goAhead) {
    /** @type {Release} */
    const counted = (environment) =>
      sandbox.start('service', [MAIN], {
        SCHEMA_REGISTRY_URL: registry,
        CONTRACTS_URL: contracts,
        GATEWAY_URL: gateway,
        ...environment,
      });
    return Promise.resolve({
      counted,
      refused: (environment) => counted({ ...environment, GO_AHEAD: goAhead }),
    });
  },
};

/** @satisfies {Readonly<Record<string, RaceStore>>} */
export const STORES = {
  postgres: {
    ...SAMPLE,
    title: 'PostgreSQL',
    services: [postgres],
    async start() {
      const server = await startPostgres();
      return {
        openShop: async () => openPostgresShop((await server.createDatabase()).url),
        stop: () => server.stop(),
      };
    },
  },
  mariadb: {
    ...SERVICE,
    title: 'MariaDB',
    services: [mariadb],
    async start() {
      const server = await startMariadb();
      return {
        openShop: async () => openMariadbShop((await server.createDatabase()).url),
        stop: () => server.stop(),
      };
    },
  },
  mongodb: {
    ...SERVICE,
    title: 'MongoDB',
    services: [mongodb],
    async start() {
      const server = await startMongodb();
      return { openShop: () => openMongodbShop(server.createDatabase().url), stop: () => server.stop() };
    },
  },
  sqlite: {
    ...SAMPLE,
    title: 'SQLite',
    services: [],
    start: () =>
      Promise.resolve({
        openShop: (/** @type {Sandbox} */ sandbox) => openSqliteShop(sandbox.directory),
        stop: () => Promise.resolve(),
      }),
  },
};

import {
  createFlamingock,
  isFlamingockError,
  type AdoptionOptions,
  type AdoptionReport,
  type Flamingock,
  type FlamingockError,
  type FlamingockOptions,
} from '@flamingock/core';
import { openDatabases } from '../fixtures/holding-databases.mjs';
import type { Database, DatabaseServer } from './databases/database.js';

/** Where a release of the service `orders` is started, and what it finds there. */
export interface Deployment {
  readonly server: DatabaseServer;
  readonly environment: string;
  readonly environments?: NonNullable<FlamingockOptions['environments']>;
  /** Addresses of databases. Where they are one, store and target share a pool or client. */
  readonly audit: string;
  readonly orders: string;
}

/** Has the engine of the release with so many changes; each adds an effect, so that a second time would be seen. */
async function withRelease<T>(
  changes: number,
  { environment, environments, audit, orders }: Deployment,
  use: (flamingock: Flamingock) => Promise<T>,
): Promise<T> {
  const { store, target, change, close } = await openDatabases(audit, orders === audit ? undefined : orders);
  try {
    const flamingock = createFlamingock({
      service: 'orders',
      environment,
      ...(environments === undefined ? {} : { environments }),
      auditStore: store,
      targets: { 'orders-db': target },
      changes: [1, 2, 3].slice(0, changes).map((order) =>
        change({ id: `change-${order}`, order, transactional: true }, async ({ begin }) => {
          await begin(`change-${order}`);
        }),
      ),
      logger: false,
    });
    return await use(flamingock);
  } finally {
    // Nobody is connected when a database is copied.
    await close();
  }
}

/**
 * Starts the release with so many changes; rejects as the start does.
 *
 * @returns the ids of those that it applied
 */
export function startRelease(changes: number, deployment: Deployment): Promise<readonly string[]> {
  return withRelease(changes, deployment, async (flamingock) => {
    const { applied } = await flamingock.run();
    return applied.map(({ id }) => id);
  });
}

/** The coded error with which it does not start. */
export async function refusalOf(changes: number, deployment: Deployment): Promise<FlamingockError> {
  const outcome: unknown = await startRelease(changes, deployment).catch((error: unknown) => error);
  if (isFlamingockError(outcome)) return outcome;
  throw new Error('It ended without a coded error.', { cause: outcome });
}

/** What a person does who knows how the databases came to be as they are. */
export function adoptTarget(
  changes: number,
  deployment: Deployment,
  options: Pick<AdoptionOptions, 'inDoubt'>,
): Promise<AdoptionReport> {
  const person = { actor: 'jane', reason: 'restored from a backup' };
  return withRelease(changes, deployment, (flamingock) =>
    flamingock.adopt('orders-db', { ...person, ...options }),
  );
}

/** What a start that is refused must not change. */
export interface Effects {
  /** Everything in both databases that is not the engine's own. */
  readonly contents: readonly unknown[];
  readonly entries: readonly unknown[];
  readonly fences: readonly unknown[];
}

/** Reads it past the engine. */
export async function effectsIn({ server, audit, orders }: Deployment): Promise<Effects> {
  return {
    contents: [await read(server, audit, contentsOf), await read(server, orders, contentsOf)],
    entries: await read(server, audit, (database) => database.changeEntries()),
    fences: await read(server, orders, (database) => database.fences()),
  };
}

/** The names of the effects in the database of the orders. */
export function effectNames({ server, orders }: Deployment): Promise<readonly string[]> {
  return read(server, orders, (database) => database.effects());
}

async function read<T>(
  server: DatabaseServer,
  url: string,
  reading: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await server.connect(url);
  try {
    return await reading(database);
  } finally {
    await database.close();
  }
}

async function contentsOf(database: Database): Promise<unknown> {
  const all = Object.entries(await database.dump());
  return Object.fromEntries(all.filter(([name]) => !name.startsWith('flamingock_')));
}

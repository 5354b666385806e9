import type { ForeignTransaction, SqlDriver } from '../driver/driver.js';
import { postgresDialect } from './dialect.js';
import type { PgClient, PgPool, PgPoolClient } from './pg-client.js';
import { PgConnection } from './pg-connection.js';
import { pgSecrets } from './pg-secrets.js';

/** A pool of pg as a driver. */
export function pgPoolDriver(pool: PgPool): SqlDriver<PgConnection> {
  return {
    handle: pool,
    dialect: postgresDialect,
    lendsOne: isPoolOfOne(pool),
    secrets: pgSecrets(pool.options),
    connect: () =>
      new Promise((resolve) => {
        // Not by its promise: a client that breaks before that is looked at has no listener, and would end the process.
        pool.connect((error, client) => {
          resolve(client === undefined ? Promise.reject(error) : lent(client));
        });
      }),
  };
}

/** Made at once; only a client that is not supported is refused later, as every promise is. */
function lent(client: PgPoolClient): Promise<PgConnection> {
  return new Promise((resolve) => {
    resolve(
      new PgConnection(client, {
        giveBack: (reason) => {
          client.release(reason);
        },
      }),
    );
  });
}

/** Tells whether everybody waits for the same connection. */
export function isPoolOfOne({ options }: PgPool): boolean {
  return options.max === 1;
}

const TURN = Symbol.for('flamingock.pg.turn');

/** A single client of pg as a driver: it is lent to one piece of work after the other. */
export function pgClientDriver(client: PgClient & { [TURN]?: Promise<void> }): SqlDriver<PgConnection> {
  return {
    handle: client,
    dialect: postgresDialect,
    lendsOne: true,
    secrets: pgSecrets(client),
    ...foreignTransactionOf(client),
    async connect() {
      // Kept on the client itself, which several stores, targets and copies of this package may share.
      const before = client[TURN];
      let end = (): void => undefined;
      client[TURN] = new Promise<void>((resolve) => {
        end = resolve;
      });
      await before;
      return new PgConnection(client, { only: true, giveBack: end });
    },
  };
}

/** Only where the client tells whether one is open: otherwise each statement is looked at by itself. */
function foreignTransactionOf(client: PgClient): { readonly foreignTransaction?: ForeignTransaction } {
  if (client.getTransactionStatus === undefined) return {};
  return {
    foreignTransaction: {
      isOpen: () => (client.getTransactionStatus?.() ?? 'I') !== 'I',
      async rollBack() {
        await client.query({ text: 'ROLLBACK' });
      },
    },
  };
}

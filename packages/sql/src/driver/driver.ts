import type { SqlDialect } from '../dialect/dialect.js';
import type { SqlConnection } from './connection.js';

/** A client library, over the object that the user passed. */
export interface SqlDriver<Connection extends SqlConnection = SqlConnection> {
  readonly handle: object;
  readonly dialect: SqlDialect;
  /** It lends one connection at a time, for which everybody else waits: a pool of one. */
  readonly lendsOne: boolean;
  /** What the object was given to sign in with, and must not appear in any message. */
  readonly secrets?: readonly string[];
  /** Only where the object is a single connection. */
  readonly foreignTransaction?: ForeignTransaction;
  /** One connection of a pool for the caller alone, or the only one that there is. */
  connect(): Promise<Connection>;
}

/** A transaction on the only connection that there is, begun by somebody else than the engine. */
export interface ForeignTransaction {
  isOpen(): boolean | Promise<boolean>;
  rollBack(): Promise<void>;
}

/** Lends a connection to some work and takes it back. */
export async function withConnection<Connection extends SqlConnection, T>(
  driver: SqlDriver<Connection>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await driver.connect();
  try {
    return await work(connection);
  } finally {
    await connection.release();
  }
}

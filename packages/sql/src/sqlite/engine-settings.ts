import type { SqliteClient } from './sqlite-client.js';

/** A synchronous library blocks the event loop, and with it the renewal of the lease, while it waits for a lock. */
const BUSY_TIMEOUT_MS = 250;
/** `PRAGMA synchronous`: a commit survives a loss of power. In WAL mode better-sqlite3 has 1, with which it need not. */
const FULL = 2;

/**
 * Runs some synchronous work of the engine with a short wait for locks. Nothing else can run meanwhile, so the
 * application and its changes never see any setting but their own.
 */
export function withShortWait<T>(client: SqliteClient, work: () => T): T {
  const found = pragma(client, 'busy_timeout', 'timeout');
  if (found <= BUSY_TIMEOUT_MS) return work();
  client.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`, []);
  try {
    return work();
  } finally {
    client.run(`PRAGMA busy_timeout = ${found}`, []);
  }
}

/**
 * Makes commits durable from now on, and returns the way back to what was set before. Works only outside of
 * transactions, as does the way back, which leaves a transaction that it finds open as it is.
 */
export function makeDurable(client: SqliteClient): () => void {
  // Only once the file was read is it known to be in WAL mode, which brings another default with it.
  client.run('PRAGMA schema_version', []);
  const found = pragma(client, 'synchronous', 'synchronous');
  client.run(`PRAGMA synchronous = ${Math.max(found, FULL)}`, []);
  return () => {
    if (!client.inTransaction) client.run(`PRAGMA synchronous = ${found}`, []);
  };
}

function pragma(client: SqliteClient, name: string, column: string): number {
  return Number(client.run(`PRAGMA ${name}`, []).rows[0]?.[column]);
}

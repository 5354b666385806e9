import type { Statement, TransactionSettings } from '../driver/connection.js';

/** How long a statement of the engine waits for a lock, in milliseconds; then it is repeated while the lease is held. */
const LOCK_TIMEOUT_MS = 500;

/** A commit survives a crash also where the role's default is faster than that; a stronger default stays. */
const DURABLE = `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') <> 'remote_apply'`;

/** A shorter time-out for all statements would end what only waits for a lock, with an error that is not repeated. */
const OWN_WAITS = [`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`, 'SET LOCAL statement_timeout = 0'];

/** What a change gets back of the application's settings, and the engine finds again after it. */
const KEPT_SETTINGS = ['lock_timeout', 'statement_timeout', 'search_path'];

/**
 * What comes before statements that share a message. Without a BEGIN such a message is one transaction all the same,
 * which the server ends by itself also where a statement fails; every setting ends with it.
 */
export const ALONE: readonly string[] = [
  // Whatever the application's default: a stricter level could refuse what only had to wait.
  'SET TRANSACTION ISOLATION LEVEL READ COMMITTED',
  ...OWN_WAITS,
  DURABLE,
];

/** The beginning of a change's transaction, up to the engine's own statements in it. */
export function opening({ idleTimeoutMs }: TransactionSettings): readonly string[] {
  return [
    'BEGIN',
    `SET LOCAL idle_in_transaction_session_timeout = ${Math.ceil(idleTimeoutMs)}`,
    DURABLE,
    `SELECT ${KEPT_SETTINGS.map((name) => `set_config('flamingock.${name}', current_setting('${name}'), true)`).join(', ')}`,
    ...OWN_WAITS,
  ];
}

/** What follows them: the statements of the change wait, and take, as long as it says, or else the application. */
export function ofChange({ lockTimeoutMs, statementTimeoutMs }: TransactionSettings): readonly string[] {
  return [waiting('lock_timeout', lockTimeoutMs), waiting('statement_timeout', statementTimeoutMs)];
}

function waiting(name: string, ms: number | undefined): string {
  return ms === undefined
    ? `SELECT set_config('${name}', current_setting('flamingock.${name}'), true)`
    : `SET LOCAL ${name} = ${Math.ceil(ms)}`;
}

/**
 * After a change that may have set another path: with it the engine's statements would find other tables, or none, and so
 * would those of whoever is lent the connection next. Hence not only for the transaction.
 */
export const OWN_NAMES: Statement = {
  sql: `SELECT set_config('search_path', path.before, false) FROM current_setting('flamingock.search_path') AS path (before) WHERE path.before <> current_setting('search_path')`,
  parameters: [],
};

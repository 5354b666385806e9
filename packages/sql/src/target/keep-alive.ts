import type { SqlConnection } from '../driver/connection.js';
import type { StatementWatch } from './statement-watch.js';

/**
 * Keeps the server from ending the transaction of a change that computes for long: says something while no statement
 * of the change is under way or waits. A process that is stopped, or whose event loop is blocked for longer than the
 * time-out, says nothing, and its transaction is ended: that is what the time-out is for.
 *
 * @returns what stops it
 */
export function keepAlive(
  connection: SqlConnection,
  watch: StatementWatch,
  idleTimeoutMs: number,
): () => void {
  const timer = setInterval(() => {
    // As a statement of the change: the engine's own ones go back to the database in which the connection began.
    watch.whenIdle(() => connection.executor.query('SELECT 1'));
  }, idleTimeoutMs / 3).unref();
  return () => {
    clearInterval(timer);
  };
}

import { OWN_CLIENT } from './postgres-client.mjs';

/** Logs every statement before it is executed, with the database and the client's name before it. */
export const LOG_SETTINGS = {
  log_statement: 'all',
  log_line_prefix: '@%d\t%a\t',
  // Without the line of parameters after each statement.
  log_error_verbosity: 'terse',
};

const ENTRY = /^@(?<database>[^\t]*)\t(?<client>[^\t]*)\tLOG: {2}(?:statement|execute [^:]*): (?<text>[^]*)$/;

/**
 * What clients have sent, in the order in which the server executed it: one text for each message, so that
 * `BEGIN; SAVEPOINT a` in one message counts once. Preparing and binding are not told.
 *
 * @param {string} log
 * @param {string} [database] default: all
 */
export function statementsIn(log, database) {
  return log
    .split(/\n(?!\t)/)
    .map((entry) => ENTRY.exec(entry)?.groups)
    .filter((groups) => groups !== undefined)
    .filter((groups) => groups['client'] !== OWN_CLIENT)
    .filter((groups) => database === undefined || groups['database'] === database)
    .map(({ text = '' }) => text.trimEnd().replaceAll('\n\t', '\n'));
}

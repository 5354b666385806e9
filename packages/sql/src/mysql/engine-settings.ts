import type { TransactionSettings } from '../driver/connection.js';

/** How long a statement of the engine waits for a lock, in seconds: the shortest time that there is. */
const LOCK_TIMEOUT_S = 1;

/** One session variable that the engine sets, by its name; with the server that alone knows it, if it is not both. */
interface Setting {
  readonly name: string;
  readonly only?: 'MariaDB' | 'MySQL';
}

const INNODB_WAIT: Setting = { name: 'innodb_lock_wait_timeout' };
/** For tables that a statement of DDL has, or wants. */
const METADATA_WAIT: Setting = { name: 'lock_wait_timeout' };
const STATEMENT_M: Setting = { name: 'max_statement_time', only: 'MariaDB' };
const STATEMENT: Setting = { name: 'max_execution_time', only: 'MySQL' };
const IDLE_M: Setting = { name: 'idle_transaction_timeout', only: 'MariaDB' };
const IDLE: Setting = { name: 'wait_timeout', only: 'MySQL' };

const ALL = [INNODB_WAIT, METADATA_WAIT, STATEMENT_M, STATEMENT, IDLE_M, IDLE];
const WAITS = [INNODB_WAIT, METADATA_WAIT];

/** These servers have no settings that end with a transaction: what is found is kept in the session itself. */
const KEEP_SETTINGS = assignments(ALL, (setting) => [kept(setting), `@@SESSION.${setting.name}`]);

/** For the engine's own statements; a shorter time-out for all statements would end what only waits for a lock. */
export const OWN_WAITS = [
  KEEP_SETTINGS,
  assignments(WAITS, ({ name }) => [`SESSION ${name}`, String(LOCK_TIMEOUT_S)]),
  assignments([STATEMENT_M, STATEMENT], ({ name }) => [`SESSION ${name}`, '0']),
].join('');

/** What is added for the transaction of a change: the server ends it where nothing happens for that long. */
export function idleTimeout({ idleTimeoutMs }: TransactionSettings): string {
  return assignments([IDLE_M, IDLE], ({ name }) => [`SESSION ${name}`, seconds(idleTimeoutMs)]);
}

/** The statements of a change wait, and take, as long as it says, or else the application. */
export function ofChange({ lockTimeoutMs, statementTimeoutMs }: TransactionSettings): string {
  return [
    assignments(WAITS, (setting) => [
      `SESSION ${setting.name}`,
      lockTimeoutMs === undefined ? kept(setting) : seconds(lockTimeoutMs),
    ]),
    assignments([STATEMENT_M], (setting) => [
      `SESSION ${setting.name}`,
      statementTimeoutMs === undefined ? kept(setting) : String(statementTimeoutMs / 1000),
    ]),
    assignments([STATEMENT], (setting) => [
      `SESSION ${setting.name}`,
      statementTimeoutMs === undefined ? kept(setting) : String(Math.ceil(statementTimeoutMs)),
    ]),
  ].join('');
}

/** What the application had set, again, and nothing left of what was kept for that. */
export const THEIR_SETTINGS = [
  assignments(ALL, (setting) => [`SESSION ${setting.name}`, kept(setting)]),
  assignments(ALL, (setting) => [kept(setting), 'NULL']),
].join('');

/** A statement of all these assignments, of which each takes what was there before the statement. */
export function set(list: string): string {
  // It begins with an assignment to nothing, so that those before it all begin with a comma.
  return `SET @flamingock = NULL${list}`;
}

function assignments(
  settings: readonly Setting[],
  assign: (setting: Setting) => readonly [to: string, value: string],
): string {
  return settings.map((setting) => onlyOn(setting, `, ${assign(setting).join(' = ')}`)).join('');
}

/** A comment that one of the servers executes. */
function onlyOn({ only }: Setting, text: string): string {
  if (only === undefined) return text;
  return only === 'MariaDB' ? ` /*M! ${text} */` : ` /*!80000 ${text} */`;
}

function kept({ name }: Setting): string {
  return `@flamingock_${name}`;
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

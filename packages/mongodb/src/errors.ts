import { FlamingockError, type ErrorCode, hasCode } from '@flamingock/core/spi';

/** Codes of the server after which the same statement may succeed: it has not had any effect. */
const BUSY = new Set([
  24, // LockTimeout
  46, // LockBusy
  50, // MaxTimeMSExpired
  112, // WriteConflict
  225, // TransactionTooOld
  246, // SnapshotUnavailable
  251, // NoSuchTransaction
]);

/** Codes of a server that does not take a field of a command: mongod's, and those of others that speak its protocol. */
const UNKNOWN_FIELD = new Set([
  9, // FailedToParse
  72, // InvalidOptions
  323, // APIStrictError
  40_415, // IDLUnknownField
]);

/** What the driver calls errors of the way to the server. */
const NETWORK = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
]);

/** As much as is looked at of an error of the driver, of whichever copy of it. */
interface DriverError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly errorLabels?: unknown;
  readonly hasErrorLabel?: unknown;
  readonly keyPattern?: unknown;
  readonly writeConcernError?: unknown;
  readonly result?: { readonly writeConcernError?: unknown };
}

/** Tells whether the driver has put a label on an error, such as `TransientTransactionError`. */
export function hasLabel(error: unknown, label: string): boolean {
  if (typeof error !== 'object' || error === null || !('hasErrorLabel' in error)) return false;
  const { hasErrorLabel } = error as DriverError;
  return typeof hasErrorLabel === 'function' && (hasErrorLabel.call(error, label) as boolean);
}

/** The number that the server gave an error; `undefined` for one that did not come from it. */
export function serverCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as DriverError;
  return typeof code === 'number' ? code : undefined;
}

/** The server does not take a field of the command, and has done nothing. */
export function isUnknownField(error: unknown): boolean {
  const code = serverCode(error);
  return code !== undefined && UNKNOWN_FIELD.has(code);
}

/** An operation failed at the server or on the way to it: not where the driver itself refuses an argument. */
export function hasFailed(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name } = error as DriverError;
  return (
    serverCode(error) !== undefined ||
    hasLabel(error, 'TransientTransactionError') ||
    (typeof name === 'string' && NETWORK.has(name))
  );
}

/**
 * A write conflict or a time-out before anything was written: the same may succeed later. Not where the connection was
 * lost, or only the write concern was not met in time: then nobody knows what was written.
 */
export function isBusy(error: unknown): boolean {
  const code = serverCode(error);
  if (code === undefined || hasWriteConcernError(error)) return false;
  if (hasLabel(error, 'UnknownTransactionCommitResult')) return false;
  return BUSY.has(code) || hasLabel(error, 'TransientTransactionError');
}

/** A second document with the `_id` of another one. */
export function isDuplicateId(error: unknown): boolean {
  if (serverCode(error) !== 11_000) return false;
  const { keyPattern } = error as DriverError;
  return typeof keyPattern === 'object' && keyPattern !== null && Object.keys(keyPattern).join() === '_id';
}

/** The server does not know the transaction any more: one of its statements failed, or it was open for too long. */
export function isTransactionGone(error: unknown): boolean {
  return serverCode(error) === 251;
}

/** The user of the connection lacks a right. Atlas has one code for everything that it refuses by itself. */
export function isForbidden(error: unknown): boolean {
  const code = serverCode(error);
  if (code !== 8000) return code === 13;
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && message.includes('is not allowed to');
}

/** A refusal for the moment: the engine repeats while it holds the lease. */
export function storeBusy(cause?: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_BUSY',
    message: 'A document is held by the transaction of another writer.',
    hint: 'It is tried again; if that does not end, look for a transaction that was left open.',
    cause,
  });
}

/** An error of the moment, as a change may have thrown it: also what the driver calls transient. */
export function isTransient(error: unknown): boolean {
  return isBusy(error) || hasLabel(error, 'TransientTransactionError') || hasCode(error, 'FLG_STORE_BUSY');
}

/** What somebody wanted to do, and the rights that it takes: `[collection, actions]`. */
export interface Purpose {
  readonly code: Extract<ErrorCode, 'FLG_STORE_PERMISSION' | 'FLG_TARGET_PERMISSION'>;
  /** For people: `write the ledger`. */
  readonly what: string;
  readonly database: string;
  readonly needs: readonly (readonly [collection: string, actions: readonly string[]])[];
}

/**
 * Does what the engine wants of a database. Throws `FLG_STORE_BUSY` where it may be repeated, the code of the purpose where a
 * right is missing, and other errors as they are.
 */
export async function withCodedErrors<T>(purpose: Purpose, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isForbidden(error)) throw missingRight(purpose);
    throw isBusy(error) ? storeBusy(error) : error;
  }
}

/** The server's own message shows the command, with what was to be written: it is not passed on. */
function missingRight({ code, what, database, needs }: Purpose): FlamingockError {
  const rights = needs.map(([collection, actions]) => `${actions.join(', ')} on ${database}.${collection}`);
  const privileges = needs.map(
    ([collection, actions]) =>
      `  { resource: { db: "${database}", collection: "${collection}" }, actions: ${JSON.stringify(actions)} },\n`,
  );
  return new FlamingockError({
    code,
    message: `The user of the connection may not ${what}: that takes ${rights.join('; ')}.`,
    hint: `Have these privileges granted to one of its roles by somebody who may, then start again:\n\ndb.getSiblingDB("${database}").grantPrivilegesToRole("<role>", [\n${privileges.join('')}])\n`,
  });
}

function hasWriteConcernError(error: unknown): boolean {
  const { writeConcernError, result } = error as DriverError;
  return writeConcernError !== undefined || result?.writeConcernError !== undefined;
}

/** @typedef {'http' | 'http-verify' | 'kafka' | 'registry'} OtherKind of a system that keeps no store */

/** @typedef {'sqlite' | 'postgres' | 'mariadb' | 'typeorm-sqlite' | 'typeorm-postgres' | 'typeorm-mariadb' | 'mongodb' | 'mongoose'} StoreKind */

/**
 * - `shared`: the store's own driver object, one transaction for the change and its entry.
 * - of a package: another database, with a fence.
 * - `plain`, `plain-verify`: another database, with `transactional: false`; changes without and with a `verify`.
 * - `http`, `http-verify`: another system over HTTP; changes without and with a `verify`.
 * - `kafka`, `registry`: systems whose changes have a `verify`.
 *
 * @typedef {StoreKind | 'shared' | 'plain' | 'plain-verify' | OtherKind} TargetKind
 */

/**
 * What the killed process was at: applying the sequence, or undoing a part of it.
 *
 * @typedef {'apply' | 'undo'} Work
 */

/** @typedef {{ readonly store: StoreKind, readonly target: TargetKind, readonly work: Work }} Pair */

/**
 * What systems are looked at from outside in the same way, whichever package acts on them.
 *
 * @typedef {'sqlite' | 'postgres' | 'mariadb' | 'mongodb' | 'http' | 'kafka' | 'registry'} Family
 */

/** @type {readonly StoreKind[]} */
const SQL_STORES = ['sqlite', 'postgres', 'mariadb', 'typeorm-sqlite', 'typeorm-postgres', 'typeorm-mariadb'];

/** @type {readonly StoreKind[]} */
const MONGODB_STORES = ['mongodb', 'mongoose'];

/** @type {readonly string[]} */
const STORES = [...SQL_STORES, ...MONGODB_STORES];

/** Every store has these. @type {readonly TargetKind[]} */
const COMMON_TARGETS = ['shared', 'plain', 'plain-verify', 'http', 'http-verify'];

/** The one that stands for the others, beside systems of other packages. */
const ACROSS = /** @type {const} */ ('postgres');

/** @type {readonly Pair[]} */
export const PAIRS = /** @type {const} */ (['apply', 'undo']).flatMap((work) => [
  ...pairsOf(SQL_STORES, [...COMMON_TARGETS, ...SQL_STORES], work),
  ...pairsOf(MONGODB_STORES, [...COMMON_TARGETS, ...MONGODB_STORES, ACROSS], work),
  ...pairsOf([ACROSS], [...MONGODB_STORES, 'kafka', 'registry'], work),
]);

/**
 * @param {readonly StoreKind[]} stores
 * @param {readonly TargetKind[]} targets
 * @param {Work} work
 * @returns {readonly Pair[]}
 */
function pairsOf(stores, targets, work) {
  return stores.flatMap((store) => targets.map((target) => ({ store, target, work })));
}

/** @param {Pair} pair */
export function nameOf({ store, target, work }) {
  return `${store}/${target} ${work}`;
}

/**
 * @param {StoreKind | OtherKind} kind
 * @returns {Family}
 */
export function familyOf(kind) {
  switch (kind) {
    case 'typeorm-sqlite':
      return 'sqlite';
    case 'typeorm-postgres':
      return 'postgres';
    case 'typeorm-mariadb':
      return 'mariadb';
    case 'mongoose':
      return 'mongodb';
    case 'http-verify':
      return 'http';
    default:
      return kind;
  }
}

/**
 * Of which kind the system is that changes act on.
 *
 * @param {Pair} pair
 */
export function systemOf({ store, target }) {
  return target === 'shared' || target === 'plain' || target === 'plain-verify' ? store : target;
}

/**
 * Which systems a trial needs.
 *
 * @param {Pair} pair
 * @returns {ReadonlySet<Family>}
 */
export function familiesOf(pair) {
  return new Set([familyOf(pair.store), familyOf(systemOf(pair))]);
}

/**
 * Whether the outcome of an interrupted change can be found out: by the fence, the ledger or a `verify`.
 *
 * @param {Pair} pair
 */
export function isProvable({ target }) {
  return target !== 'plain' && target !== 'http';
}

/**
 * Whether its changes run in a transaction.
 *
 * @param {Pair} pair
 */
export function isTransactional({ target }) {
  return target === 'shared' || STORES.includes(target);
}

/**
 * Whether its changes bring a `verify`.
 *
 * @param {Pair} pair
 */
export function hasVerify({ target }) {
  return target.endsWith('-verify') || target === 'kafka' || target === 'registry';
}

/** The sequence of every trial, in its order. */
export const CHANGES = ['first', 'second', 'third', 'fourth', 'fifth'];

/** What is undone of it, in this order. */
export const UNDONE = ['fifth', 'fourth', 'third'];

/**
 * The effect of a rollback: it is counted beside those of the changes, because nobody would see one that is taken away twice.
 *
 * @param {string} changeId
 */
export function undoOf(changeId) {
  return `undo-${changeId}`;
}

/** What has taken effect when the work is done, in this order. */
export const EFFECTS = { apply: CHANGES, undo: [...CHANGES, ...UNDONE.map(undoOf)] };

/**
 * A lease that the next start need not wait for long, and that a process which gets too little of a busy machine loses
 * now and then: then it is started again. In milliseconds.
 */
export const LOCK = { leaseMs: 3000, renewMs: 600, waitMs: 60_000 };

/**
 * Where the changes of a trial leave their effects in a database: a table or a collection.
 *
 * @param {{ readonly pair: Pair, readonly name: string }} trial
 */
export function effectsTable({ pair, name }) {
  switch (familyOf(systemOf(pair))) {
    case 'sqlite':
      return 'effects';
    case 'postgres':
      return `${name}.effects`;
    default:
      return `${name}_effects`;
  }
}

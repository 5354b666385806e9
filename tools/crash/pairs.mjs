/** @typedef {'sqlite' | 'postgres' | 'mariadb' | 'typeorm-sqlite' | 'typeorm-postgres' | 'typeorm-mariadb'} StoreKind */

/**
 * - `shared`: the store's own driver object, one transaction for the change and its entry.
 * - of a package: another database, with a fence.
 * - `plain`: another database, with `transactional: false`.
 * - `http`, `http-verify`: another system over HTTP; changes without and with a `verify`.
 *
 * @typedef {StoreKind | 'shared' | 'plain' | 'http' | 'http-verify'} TargetKind
 */

/**
 * What the killed process was at: applying the sequence, or undoing a part of it.
 *
 * @typedef {'apply' | 'undo'} Work
 */

/** @typedef {{ readonly store: StoreKind, readonly target: TargetKind, readonly work: Work }} Pair */

/** @type {readonly StoreKind[]} */
const STORES = ['sqlite', 'postgres', 'mariadb', 'typeorm-sqlite', 'typeorm-postgres', 'typeorm-mariadb'];

/** @type {readonly Pair[]} */
export const PAIRS = /** @type {const} */ (['apply', 'undo']).flatMap((work) =>
  STORES.flatMap((store) =>
    /** @type {const} */ (['shared', ...STORES, 'plain', 'http', 'http-verify']).map((target) => ({
      store,
      target,
      work,
    })),
  ),
);

/** @param {Pair} pair */
export function nameOf({ store, target, work }) {
  return `${store}/${target} ${work}`;
}

/** @param {Pair} pair */
export function needsPostgres({ store, target }) {
  return store.endsWith('postgres') || target.endsWith('postgres');
}

/** @param {Pair} pair */
export function needsMariadb({ store, target }) {
  return store.endsWith('mariadb') || target.endsWith('mariadb');
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
export const LOCK = { leaseMs: 1200, renewMs: 300, waitMs: 60_000 };

/**
 * Where the SQL changes of a trial leave their effects.
 *
 * @param {{ readonly pair: Pair, readonly schema: string }} trial
 */
export function effectsTable({ pair, schema }) {
  const database = databaseOf(pair);
  if (database.endsWith('postgres')) return `${schema}.effects`;
  return database.endsWith('mariadb') ? `${schema}_effects` : 'effects';
}

/**
 * Of which kind the database is that SQL changes act on.
 *
 * @param {Pair} pair
 */
export function databaseOf({ store, target }) {
  return target === 'shared' || target === 'plain' ? store : target;
}

/** @typedef {'sqlite' | 'postgres' | 'typeorm-sqlite' | 'typeorm-postgres'} StoreKind */

/**
 * - `shared`: the store's own driver object, one transaction for the change and its entry.
 * - of a package: another database, with a fence.
 * - `plain`: another database, with `transactional: false`.
 * - `http`, `http-verify`: another system over HTTP; changes without and with a `verify`.
 *
 * @typedef {StoreKind | 'shared' | 'plain' | 'http' | 'http-verify'} TargetKind
 */

/** @typedef {{ readonly store: StoreKind, readonly target: TargetKind }} Pair */

/** @type {readonly StoreKind[]} */
const STORES = ['sqlite', 'postgres', 'typeorm-sqlite', 'typeorm-postgres'];

/** @type {readonly Pair[]} */
export const PAIRS = STORES.flatMap((store) =>
  /** @type {const} */ (['shared', ...STORES, 'plain', 'http', 'http-verify']).map((target) => ({
    store,
    target,
  })),
);

/** @param {Pair} pair */
export function nameOf({ store, target }) {
  return `${store}/${target}`;
}

/** @param {Pair} pair */
export function needsPostgres({ store, target }) {
  return store.endsWith('postgres') || target.endsWith('postgres');
}

/** The sequence of every trial, in its order. */
export const CHANGES = ['first', 'second', 'third', 'fourth', 'fifth'];

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
  return databaseOf(pair).endsWith('postgres') ? `${schema}.effects` : 'effects';
}

/**
 * Of which kind the database is that SQL changes act on.
 *
 * @param {Pair} pair
 */
export function databaseOf({ store, target }) {
  return target === 'shared' || target === 'plain' ? store : target;
}

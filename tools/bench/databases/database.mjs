/**
 * A server under measurement, as durable as it is in production.
 *
 * @typedef {object} BenchDatabase
 * @property {string} version with its name
 * @property {() => Promise<{ readonly url: string, readonly folder: () => string }>} createDatabase a database of its
 *   own, with nothing in it but an empty table of effects, and folders for the files of tools
 * @property {Counted} counted
 * @property {(url: string) => Promise<number>} effects how many there are
 * @property {(url: string, open: Open) => Promise<Bare>} bareQuery what a start sends, and nothing else: no engine that
 *   sends it can be faster than that
 * @property {(url: string, contender: Contender, count: number) => Promise<void>} [seed] records changes as applied;
 *   where it is not there, tools apply all of them
 * @property {(url: string, contender: Contender) => Promise<void>} [settle] what is done to a database before it is
 *   measured
 * @property {() => Promise<void>} stop
 */

/** @typedef {import('../contenders/contender.mjs').Contender} Contender */
/** @typedef {import('../contenders/contender.mjs').Application} Application */
/** @typedef {{ readonly statements: number, readonly roundTrips: number }} Traffic */
/** @typedef {{ readonly run: () => Promise<unknown>, readonly close: () => Promise<unknown> }} Bare */

/** @callback Open @param {string} url @returns {Promise<Application>} */

/**
 * What the server was told on connections that were opened for this, while some work was done on them.
 *
 * @callback Counted
 * @param {string} url
 * @param {Open} open
 * @param {(opened: Application) => Promise<unknown>} work
 * @returns {Promise<Traffic>}
 */

export {};

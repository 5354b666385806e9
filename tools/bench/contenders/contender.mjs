/**
 * A tool under measurement. Each change or migration that it is given is the one statement, or document, of `changes.mjs`.
 *
 * @typedef {object} Contender
 * @property {string} name as `--peers` and the tables call it
 * @property {string} version
 * @property {string} way how it is run, as its own documentation recommends for the start of an application
 * @property {string} safety what it promises to instances that start together, and after a failure
 * @property {(options: ContenderOptions) => Promise<Application>} open
 * @property {(pool: import('pg').Pool) => Promise<unknown>} [settle] on PostgreSQL: what is done to the database before it is measured
 * @property {(pool: import('pg').Pool, count: number) => Promise<void>} [seed] on PostgreSQL: records changes 2 to
 *   `count` as applied where the first one is, in the tool's own form; whether that form is right the tool says itself,
 *   when it finds nothing to do
 */

/**
 * @typedef {object} ContenderOptions
 * @property {string} url of a database of its own
 * @property {number} count the last change that is declared
 * @property {number} [from] the first one, where old ones were taken out of the code; default 1
 * @property {string} folder an empty one, for tools that read files
 */

/**
 * An application that is about to start: with a warm pool, everything loaded, and its tool set up.
 *
 * @typedef {object} Application
 * @property {() => Promise<unknown>} start brings the database up to date
 * @property {() => Promise<unknown>} close
 * @property {readonly import('mongodb').MongoClient[]} [clients] on MongoDB: everything that it sends goes by these
 */

export {};

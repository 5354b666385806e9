import { parseArgs } from 'node:util';

const SQL_PEERS = ['knex', 'kysely', 'umzug', 'node-pg-migrate', 'drizzle', 'typeorm'];
const PEERS = [...SQL_PEERS, 'migrate-mongo', 'ts-migrate-mongoose'];
const DATABASES = /** @type {const} */ (['postgres', 'mariadb', 'mongodb']);
export const USAGE = `npm run bench -- startup|apply|memory|boot|backfill|all [options]

  --database ${DATABASES.join(',')}   startup, apply: on which (default: all of them)
  --peers ${PEERS.join(',')}
                            startup, apply: whom to measure beside, where they work (none: --peers '')
  --applied 10,1000,10000   startup: how many changes are applied; above 1000 on PostgreSQL alone
  --rtt 0,10                startup: milliseconds of a round trip; above 0 through a proxy
  --pending 10,100,1000     apply: how many changes are pending
  --rows 2000000            backfill: how many rows are filled
  --json                    one JSON object with \`ok\` instead of tables
  --write                   keep the results, and write docs/performance.md from all that are kept`;

const BENCHES = /** @type {const} */ (['startup', 'apply', 'memory', 'boot', 'backfill']);

/** @typedef {(typeof BENCHES)[number]} Bench */
/** @typedef {(typeof DATABASES)[number]} Database */

/**
 * @typedef {object} BenchOptions
 * @property {readonly Bench[]} benches
 * @property {readonly Database[]} databases
 * @property {readonly string[]} peers
 * @property {readonly number[]} applied
 * @property {readonly number[]} rtts
 * @property {readonly number[]} pending
 * @property {number} rows
 * @property {boolean} json
 * @property {boolean} write
 */

/**
 * What was asked for on the command line. Throws an error that says what is wrong.
 *
 * @param {readonly string[]} args
 * @returns {BenchOptions}
 */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      database: { type: 'string', default: DATABASES.join(',') },
      peers: { type: 'string', default: PEERS.join(',') },
      applied: { type: 'string', default: '10,1000,10000' },
      rtt: { type: 'string', default: '0,10' },
      pending: { type: 'string', default: '10,100,1000' },
      rows: { type: 'string', default: '2000000' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const [name, ...more] = positionals;
  const benches = name === 'all' ? BENCHES : BENCHES.filter((bench) => bench === name);
  if (benches.length === 0 || more.length > 0)
    throw new Error(`Name one bench: ${BENCHES.join(', ')} or all.`);
  const databases = known('--database', values.database, DATABASES);
  if (databases.length === 0) throw new Error(`--database takes some of ${DATABASES.join(', ')}.`);
  return {
    benches,
    databases,
    peers: known('--peers', values.peers, PEERS),
    applied: counts('--applied', values.applied, 1),
    rtts: counts('--rtt', values.rtt, 0),
    pending: counts('--pending', values.pending, 1),
    rows: count('--rows', values.rows),
    json: values.json,
    write: values.write,
  };
}

/** @param {string} value */
const list = (value) => value.split(',').filter((part) => part !== '');

/**
 * @template {string} T
 * @param {string} option
 * @param {string} value
 * @param {readonly T[]} all
 */
function known(option, value, all) {
  const unknown = list(value).filter((name) => !all.some((one) => one === name));
  if (unknown.length > 0)
    throw new Error(`${option} does not know ${unknown.join(', ')}: ${all.join(', ')}.`);
  return all.filter((name) => list(value).includes(name));
}

/**
 * @param {string} option
 * @param {string} value
 */
function count(option, value) {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} takes a whole number from 1, and not '${value}'.`);
}

/**
 * @param {string} option
 * @param {string} value
 * @param {number} least
 */
function counts(option, value, least) {
  const numbers = list(value).map(Number);
  if (numbers.length > 0 && numbers.every((number) => Number.isInteger(number) && number >= least))
    return numbers;
  throw new Error(`${option} takes whole numbers from ${least}, separated by commas, and not '${value}'.`);
}

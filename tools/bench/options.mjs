import { parseArgs } from 'node:util';

const PEERS = ['knex', 'kysely', 'umzug', 'node-pg-migrate', 'drizzle', 'typeorm'];
export const USAGE = `npm run bench -- startup|apply|memory|boot|backfill|mariadb|all [options]

  --peers ${PEERS.join(',')}   whom to measure beside (none: --peers '')
  --applied 10,1000,10000   startup, mariadb: how many changes are applied
  --rtt 0,10                startup, mariadb: milliseconds of a round trip; above 0 through a proxy
  --pending 10,100,1000     apply, mariadb: how many changes are pending
  --rows 2000000            backfill: how many rows are filled
  --json                    one JSON object with \`ok\` instead of tables
  --write                   keep the results, and write docs/performance.md from all that are kept`;

const BENCHES = /** @type {const} */ (['startup', 'apply', 'memory', 'boot', 'backfill', 'mariadb']);

/** @typedef {(typeof BENCHES)[number]} Bench */

/**
 * @typedef {object} BenchOptions
 * @property {readonly Bench[]} benches
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
  const peers = list(values.peers);
  const unknown = peers.filter((peer) => !PEERS.includes(peer));
  if (unknown.length > 0)
    throw new Error(`--peers does not know ${unknown.join(', ')}: ${PEERS.join(', ')}.`);
  return {
    benches,
    peers,
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

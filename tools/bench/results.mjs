import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatted } from './formatted.mjs';

/**
 * @typedef {object} Common
 * @property {string} date
 * @property {ReturnType<typeof import('./machine.mjs').machine>['machine']} machine
 * @property {readonly import('./target.mjs').Target[]} targets
 * @property {boolean} ok
 */
/**
 * Beside other tools.
 *
 * @typedef {object} Compared
 * @property {import('./options.mjs').Database} database
 * @property {readonly { name: string, version: string, way: string, safety: string }[]} peers
 */
/** @typedef {Common & Compared & { bench: 'startup', points: readonly import('./startup.mjs').StartupPoint[] }} StartupResult */
/** @typedef {Common & Compared & { bench: 'apply', contenders: readonly import('./apply.mjs').ApplyOf[] }} ApplyResult */
/**
 * @typedef {Common & { bench: 'memory', entries: number, processes: readonly { what: string, megabytes: number }[] }} MemoryResult
 */
/** @typedef {Common & { bench: 'boot', applications: readonly import('./boot.mjs').BootOf[] }} BootResult */
/** @typedef {Common & { bench: 'backfill' } & import('./backfill.mjs').BackfillMeasured} BackfillResult */
/** @typedef {StartupResult | ApplyResult | MemoryResult | BootResult | BackfillResult} Result */

/** What is made of the kept results. */
export const DOCUMENT = join(import.meta.dirname, '../../docs/performance.md');

const FOLDER = join(import.meta.dirname, 'results');

/** In the order of the document. */
const KEYS = [
  ...['startup-postgres', 'startup-mariadb', 'startup-mongodb'],
  ...['apply-postgres', 'apply-mariadb', 'apply-mongodb'],
  ...['memory', 'boot', 'backfill'],
];

/** What tells a result from all others. @param {Result} result */
export const keyOf = (result) => ('database' in result ? `${result.bench}-${result.database}` : result.bench);

/** @param {string} key */
const fileOf = (key) => join(FOLDER, `${key}.json`);

/** @param {Result} result */
export async function keepResult(result) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(keyOf(result)), await formatted(JSON.stringify(result, null, 2), 'json'));
}

/**
 * The last kept result of each bench.
 *
 * @returns {Result[]}
 */
export const keptResults = () =>
  KEYS.map(fileOf)
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')));

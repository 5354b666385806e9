import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatted } from './formatted.mjs';

/**
 * @typedef {object} Common
 * @property {string} date
 * @property {ReturnType<typeof import('./machine.mjs').machine>['machine']} machine
 * @property {readonly { name: string, version: string, way: string, safety: string }[]} peers
 * @property {readonly import('./target.mjs').Target[]} targets
 * @property {boolean} ok
 */
/** @typedef {Common & { bench: 'startup', points: readonly import('./startup.mjs').StartupPoint[] }} StartupResult */
/** @typedef {Common & { bench: 'apply', contenders: readonly import('./apply.mjs').ApplyOf[] }} ApplyResult */
/**
 * @typedef {Common & { bench: 'memory', entries: number, processes: readonly { what: string, megabytes: number }[] }} MemoryResult
 */
/** @typedef {Common & { bench: 'boot', applications: readonly import('./boot.mjs').BootOf[] }} BootResult */
/** @typedef {Common & { bench: 'backfill' } & import('./backfill.mjs').BackfillMeasured} BackfillResult */
/** @typedef {Common & { bench: 'mariadb' } & import('./mariadb.mjs').MariadbMeasured} MariadbResult */
/** @typedef {StartupResult | ApplyResult | MemoryResult | BootResult | BackfillResult | MariadbResult} Result */

/** What is made of the kept results. */
export const DOCUMENT = join(import.meta.dirname, '../../docs/performance.md');

const FOLDER = join(import.meta.dirname, 'results');

/** @param {string} bench */
const fileOf = (bench) => join(FOLDER, `${bench}.json`);

/** @param {Result} result */
export async function keepResult(result) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(result.bench), await formatted(JSON.stringify(result, null, 2), 'json'));
}

/**
 * The last kept result of each bench.
 *
 * @returns {Result[]}
 */
export const keptResults = () =>
  ['startup', 'apply', 'memory', 'boot', 'backfill', 'mariadb']
    .map(fileOf)
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')));

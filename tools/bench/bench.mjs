import { writeFileSync } from 'node:fs';
import { measureApply } from './apply.mjs';
import { measureBackfill } from './backfill.mjs';
import { measureBoot } from './boot.mjs';
import { FIELDS } from './contenders/index.mjs';
import { SERVERS } from './databases/index.mjs';
import { PostgresBench } from './databases/postgres.mjs';
import { documentOf } from './document.mjs';
import { formatted } from './formatted.mjs';
import { machine } from './machine.mjs';
import { measureMemory } from './memory.mjs';
import { DOCUMENT, keepResult, keptResults, keyOf } from './results.mjs';
import { measureStartup } from './startup.mjs';

/** @typedef {import('./options.mjs').BenchOptions} BenchOptions */
/** @typedef {import('./results.mjs').Result} Result */
/** @typedef {(line: string) => void} Say */

/**
 * Runs what was asked for and prints it.
 *
 * @param {BenchOptions} options
 * @param {Say} say
 * @returns {Promise<boolean>} whether every target was met
 */
export async function bench(options, say) {
  /** @type {Result[]} */
  const all = [];
  for (const name of options.benches)
    if (name === 'startup' || name === 'apply')
      for (const database of options.databases) all.push(await compared(name, database, options, say));
    else all.push(await measured(name, options, say));
  const ok = all.every((result) => result.ok);
  const results = Object.fromEntries(all.map((result) => [keyOf(result), result]));
  if (options.json) console.log(JSON.stringify({ ok, schemaVersion: 1, ...results }, null, 2));
  else console.log(documentOf(all));
  if (options.write) {
    for (const result of all) await keepResult(result);
    writeFileSync(DOCUMENT, await formatted(documentOf(keptResults()), 'markdown'));
    say(`wrote ${DOCUMENT}`);
  }
  return ok;
}

/**
 * One bench beside other tools, on one database.
 *
 * @param {'startup' | 'apply'} name
 * @param {import('./options.mjs').Database} database
 * @param {BenchOptions} options
 * @param {Say} say
 * @returns {Promise<Result>}
 */
async function compared(name, database, options, say) {
  const field = FIELDS[database];
  const peers = field.peers.filter((peer) => options.peers.includes(peer.name));
  const told = peers.map(({ name: peer, version, way, safety }) => ({ name: peer, version, way, safety }));
  const server = await SERVERS[database].start();
  const sayWhere = (/** @type {string} */ line) => say(`${server.version}: ${line}`);
  try {
    const common = { database, ...machine(server.version), peers: told };
    const all = { ...options, ...field, peers };
    return name === 'startup'
      ? { bench: name, ...common, ...(await measureStartup(server, all, sayWhere)) }
      : { bench: name, ...common, ...(await measureApply(server, all, sayWhere)) };
  } finally {
    await server.stop();
  }
}

/**
 * One bench of this software alone, on PostgreSQL.
 *
 * @param {'memory' | 'boot' | 'backfill'} name
 * @param {BenchOptions} options
 * @param {Say} say
 * @returns {Promise<Result>}
 */
async function measured(name, options, say) {
  const server = await PostgresBench.start();
  const common = machine(server.version);
  try {
    if (name === 'memory') return { bench: name, ...common, ...(await measureMemory(server, say)) };
    if (name === 'boot') return { bench: name, ...common, ...(await measureBoot(server, say)) };
    return { bench: name, ...common, ...(await measureBackfill(server, options.rows, say)) };
  } finally {
    await server.stop();
  }
}

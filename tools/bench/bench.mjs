import { writeFileSync } from 'node:fs';
import { BenchServer } from './bench-server.mjs';
import { measureApply } from './apply.mjs';
import { peers as allPeers } from './contenders/index.mjs';
import { measureBackfill } from './backfill.mjs';
import { measureBoot } from './boot.mjs';
import { documentOf } from './document.mjs';
import { machine } from './machine.mjs';
import { measureMariadb } from './mariadb.mjs';
import { measureMemory } from './memory.mjs';
import { DOCUMENT, keepResult, keptResults } from './results.mjs';
import { measureStartup } from './startup.mjs';
import { formatted } from './formatted.mjs';

/**
 * Runs what was asked for and prints it.
 *
 * @param {import('./options.mjs').BenchOptions} options
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} whether every target was met
 */
export async function bench(options, say) {
  const peers = allPeers.filter(({ name }) => options.peers.includes(name));
  const server = await BenchServer.start();
  /** @type {Record<string, import('./results.mjs').Result>} */
  const results = {};
  try {
    const measures = {
      startup: () => measureStartup(server, { ...options, peers }, say),
      apply: () => measureApply(server, { ...options, peers }, say),
      memory: () => measureMemory(server, say),
      boot: () => measureBoot(server, say),
      backfill: () => measureBackfill(server, options.rows, say),
      mariadb: () => measureMariadb(options, say),
    };
    for (const name of options.benches) {
      const measured = await measures[name]();
      results[name] = /** @type {import('./results.mjs').Result} */ ({
        bench: name,
        ...machine(server.version),
        peers: peers.map(({ name: peer, version, way, safety }) => ({ name: peer, version, way, safety })),
        ...measured,
      });
    }
  } finally {
    await server.stop();
  }
  const all = Object.values(results);
  const ok = all.every((result) => result.ok);
  if (options.json) console.log(JSON.stringify({ ok, schemaVersion: 1, ...results }, null, 2));
  else console.log(documentOf(all));
  if (options.write) {
    for (const result of all) await keepResult(result);
    writeFileSync(DOCUMENT, await formatted(documentOf(keptResults()), 'markdown'));
    say(`wrote ${DOCUMENT}`);
  }
  return ok;
}

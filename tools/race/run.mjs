import { parseArgs } from 'node:util';
import { Sandbox } from '../../e2e/harness/sandbox.mjs';
import { runRace } from './race.mjs';
import { resultOf, tableOf } from './result.mjs';
import { STORES } from './stores.mjs';

/**
 * `npm run race [-- --store postgres,mariadb,mongodb,sqlite --processes 8,50 --json]`: starts so many processes of an
 * application at once on each of these stores (default: all), and holds what was seen against every claim. Exits with 1
 * when one of them is not met. `--json` prints one object with `ok`, and each heat with its claims, in place of the table;
 * progress goes to stderr.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string', default: Object.keys(STORES).join() },
    processes: { type: 'string', default: '8,50' },
    json: { type: 'boolean', default: false },
  },
});
const fields = values.processes.split(',').map(Number);
if (!fields.every((count) => Number.isInteger(count) && count >= 2)) {
  console.error(`--processes takes whole numbers from 2 on, such as 8,50; not '${values.processes}'.`);
  process.exit(2);
}
const names = values.store.split(',');
const stores = Object.entries(STORES).filter(([name]) => names.includes(name));
if (stores.length !== names.length) {
  console.error(`--store takes ${Object.keys(STORES).join(', ')}; not '${values.store}'.`);
  process.exit(2);
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
}

/** @type {import('./result.mjs').Result[]} */
const results = [];

/** @param {import('./race.mjs').HeatFacts} facts */
function onHeat(facts) {
  const result = resultOf(facts);
  results.push(result);
  const { heat, milliseconds, ready, failed, claims, ok } = result;
  console.error(`  ${heat}: ${ready} ready, ${failed} failed, after ${milliseconds} ms`);
  for (const { text, met } of claims) if (!met) console.error(`  ✘ ${text}`);
  if (!ok)
    for (const { output } of facts.runners.slice(0, 5)) console.error(output.replaceAll(/^/gm, '    '));
}

for (const [, store] of stores) {
  const server = await store.start();
  try {
    for (const processes of fields) {
      console.error(`${store.title}: ${processes} processes`);
      const sandbox = await Sandbox.open();
      try {
        await runRace(sandbox, store, server, processes, onHeat);
      } finally {
        await sandbox.close();
      }
    }
  } finally {
    await server.stop();
  }
}

const ok = results.every((result) => result.ok);
if (values.json) console.log(JSON.stringify({ schemaVersion: 1, ok, heats: results }, null, 2));
else console.log(tableOf(results).join('\n'));
process.exitCode = ok ? 0 : 1;

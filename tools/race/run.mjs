import { parseArgs } from 'node:util';
import { Sandbox } from '../../e2e/harness/sandbox.mjs';
import { startPostgres } from '../services/postgres.mjs';
import { runRace } from './race.mjs';
import { resultOf, tableOf } from './result.mjs';

/**
 * `npm run race [-- --processes 8,50 --json]`: starts so many processes of the sample at once on a PostgreSQL server,
 * and holds what was seen against every claim. Exits with 1 when one of them is not met. `--json` prints one object
 * with `ok`, and each heat with its claims, in place of the table; progress goes to stderr.
 */
const { values } = parseArgs({
  options: { processes: { type: 'string', default: '8,50' }, json: { type: 'boolean', default: false } },
});
const fields = values.processes.split(',').map(Number);
if (!fields.every((count) => Number.isInteger(count) && count >= 2)) {
  console.error(`--processes takes whole numbers from 2 on, such as 8,50; not '${values.processes}'.`);
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

const server = await startPostgres();
try {
  for (const processes of fields) {
    console.error(`${processes} processes`);
    const sandbox = await Sandbox.open();
    try {
      await runRace(sandbox, server, processes, onHeat);
    } finally {
      await sandbox.close();
    }
  }
} finally {
  await server.stop();
}

const ok = results.every((result) => result.ok);
if (values.json) console.log(JSON.stringify({ schemaVersion: 1, ok, heats: results }, null, 2));
else console.log(tableOf(results).join('\n'));
process.exitCode = ok ? 0 : 1;

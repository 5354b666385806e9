import { installPeers } from './install-peers.mjs';
import { USAGE, readOptions } from './options.mjs';

/**
 * `npm run bench`: measures this software beside the tools that people use today. Progress goes to standard error. Exits
 * with 1 where a target is missed, and with 2 where it was asked for something that it does not know.
 */
/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** @type {import('./options.mjs').BenchOptions | undefined} */
let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (options !== undefined) {
  await installPeers(say);
  // Only now: it imports what has just been installed.
  const { bench } = await import('./bench.mjs');
  const ok = await bench(options, say);
  // Not by an exit code alone: the pool of knex keeps a timer for ever when its last connection comes back after its end.
  process.exit(ok ? 0 : 1);
}

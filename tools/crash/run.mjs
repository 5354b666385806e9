import { parseArgs } from 'node:util';
import { crashMatrix, DEFAULT_LANES } from './matrix.mjs';
import { nameOf, PAIRS } from './pairs.mjs';
import { summaryOf, tableOf } from './result.mjs';

/**
 * `npm run crash [-- --pairs <regular expression> --every <n> --lanes <n> --json]`: for every pair of a store and a target,
 * kills a real process before and after each port call of a five-change sequence, and of undoing three of them, does it
 * again until it comes to an end, and counts the effects in the target systems themselves. Exits with 1 where anything is
 * wrong. `--pairs` takes those whose name matches, such as `^sqlite/`; `--every 3` tries each third point; `--lanes 2` has
 * two processes at work at the same time, where a server can do no more. `--json` prints one object with `ok` in place of
 * the table; progress goes to stderr.
 */
const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    lanes: { type: 'string', default: String(DEFAULT_LANES) },
    json: { type: 'boolean', default: false },
  },
});
const [every, lanes] = [Number(values.every), Number(values.lanes)];
const pairs = PAIRS.filter((pair) => new RegExp(values.pairs).test(nameOf(pair)));
if (pairs.length === 0 || [every, lanes].some((number) => !Number.isInteger(number) || number < 1)) {
  console.error(
    `--pairs matches one of ${PAIRS.map(nameOf).join(', ')}; --every and --lanes are whole numbers from 1 on.`,
  );
  process.exit(2);
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
}

const began = performance.now();
const results = await crashMatrix({
  pairs,
  lanes,
  which: (_, index) => index % every === 0,
  onPair(result) {
    const { pair, points, wrong, failures } = summaryOf(result);
    console.error(`  ${pair}: ${points} points, ${wrong} wrong`);
    for (const { point, why, effects, ledger } of failures.slice(0, 5))
      console.error(`    ✘ ${point}: ${why}\n      ${JSON.stringify({ effects, ledger })}`);
  },
});

const summaries = results.map(summaryOf);
const ok = summaries.every(({ wrong }) => wrong === 0);
const seconds = Math.round((performance.now() - began) / 1000);
if (values.json) console.log(JSON.stringify({ schemaVersion: 1, ok, seconds, pairs: summaries }, null, 2));
else console.log(`${tableOf(summaries).join('\n')}\n${seconds} s`);
process.exitCode = ok ? 0 : 1;

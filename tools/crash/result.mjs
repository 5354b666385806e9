/** @typedef {import('./matrix.mjs').PairResult} PairResult */
/** @typedef {ReturnType<typeof summaryOf>} Summary */

const RESULTS = /** @type {const} */ (['once', 'healed', 'issue', 'wrong']);

/**
 * The trials of one pair, counted.
 *
 * @param {PairResult} result
 */
export function summaryOf({ pair, trials }) {
  const count = (/** @type {string} */ wanted) => trials.filter(({ result }) => result === wanted).length;
  return {
    pair,
    points: trials.length,
    once: count('once'),
    healed: count('healed'),
    issue: count('issue'),
    wrong: count('wrong'),
    failures: trials.filter(({ result }) => result === 'wrong'),
  };
}

/**
 * The summaries for a person, a line each, and all together.
 *
 * @param {readonly Summary[]} summaries
 */
export function tableOf(summaries) {
  const total = (/** @type {'points' | typeof RESULTS[number]} */ key) =>
    summaries.reduce((sum, summary) => sum + summary[key], 0);
  const lines = [
    ['store/target', 'points', 'exactly once', 'healed', 'stopped with an issue', 'wrong'],
    ...summaries.map((summary) => [
      summary.pair,
      String(summary.points),
      ...RESULTS.map((result) => String(summary[result])),
    ]),
    ['all', String(total('points')), ...RESULTS.map((result) => String(total(result)))],
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  '));
}

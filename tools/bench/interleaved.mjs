/** How many starts come before the timed ones, so that everybody's code is compiled. */
const WARM_UP = 3;
/** How often everybody is timed at least, however long it takes. */
const LEAST = 3;

/**
 * Milliseconds of several candidates, taken in turns (A B C A B C), so that whatever else the machine does meets all
 * of them alike. One that has used up its time leaves the turns. A candidate that returns a number has timed itself.
 *
 * @param {readonly (() => Promise<unknown>)[]} candidates
 * @param {{ readonly rounds: number, readonly budgetMs: number }} limits
 * @returns {Promise<readonly (readonly number[])[]>} the times of each candidate
 */
export async function interleaved(candidates, { rounds, budgetMs }) {
  const turns = candidates.map((candidate) => ({ candidate, times: /** @type {number[]} */ ([]), used: 0 }));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const turn of turns) {
      const late = turn.used >= budgetMs;
      if (late && (round < 0 || turn.times.length >= LEAST)) continue;
      const started = performance.now();
      const answer = await turn.candidate();
      const milliseconds = typeof answer === 'number' ? answer : performance.now() - started;
      turn.used += milliseconds;
      if (round >= 0) turn.times.push(milliseconds);
    }
  }
  return turns.map(({ times }) => times);
}

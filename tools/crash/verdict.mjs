import { CHANGES, EFFECTS, isProvable, UNDONE, undoOf } from './pairs.mjs';

/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Answer} Answer */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Recorded} Recorded */
/** @typedef {import('../../e2e/harness/crash/systems.mjs').Effect} Effect */

/**
 * What a trial came to, judged by the effects in the target systems and by the ledger.
 *
 * - `once`: every change, and every rollback, has its effect once, and nothing had to be found out.
 * - `healed`: the same, after the next start or undo has found out what became of the interrupted change.
 * - `issue`: that has stopped at the interrupted change, because nothing can tell what became of it.
 * - `wrong`: everything else.
 *
 * @typedef {'once' | 'healed' | 'issue' | 'wrong'} Result
 */

/**
 * @param {import('./pairs.mjs').Pair} pair
 * @param {Answer} answer of the first start or undo after the crash
 * @param {readonly Effect[]} effects
 * @returns {{ readonly result: Result, readonly why: string }}
 */
export function judge(pair, answer, effects) {
  const why =
    answer.outcome === 'FLG_ISSUE_OPEN' ? notStopped(pair, answer, effects) : notDone(pair, answer, effects);
  if (why !== '') return { result: 'wrong', why };
  if (answer.outcome === 'FLG_ISSUE_OPEN') return { result: 'issue', why };
  return { result: wasSettled(answer.ledger) ? 'healed' : 'once', why };
}

/** What it may end with; an undo by a person who does not know that it was done is refused. */
const DONE = { apply: ['applied', 'up-to-date'], undo: ['undone', 'FLG_UNDO_REFUSED'] };

/**
 * Why the work is not done exactly once; empty where it is.
 *
 * @param {import('./pairs.mjs').Pair} pair
 * @param {Answer} answer
 * @param {readonly Effect[]} effects
 */
export function notDone({ work }, { outcome, message, chain, ledger }, effects) {
  if (!DONE[work].includes(outcome)) return `it ended with ${outcome}: ${message}`;
  if (chain !== '') return `the ledger is broken: ${chain}`;
  if (!same(effects, complete(EFFECTS[work]))) return 'not every change has its effect once and in order';
  const told = (/** @type {string[]} */ ...states) =>
    ledger.filter(({ state }) => states.includes(state)).map(({ changeId }) => changeId);
  if (work === 'undo')
    return same(told('UNDONE'), UNDONE) ? '' : 'the ledger does not have every change undone once';
  return same(told('APPLIED', 'MANUALLY_APPLIED'), CHANGES)
    ? ''
    : 'the ledger does not have every change applied once';
}

/**
 * Why nobody had a right to stop at an issue. There is one only outside of a transaction and without a `verify`, where the
 * killed process had announced the change and not told what became of it.
 *
 * @param {import('./pairs.mjs').Pair} pair
 * @param {Answer} answer
 * @param {readonly Effect[]} effects
 */
function notStopped(pair, { chain, ledger }, effects) {
  const { work } = pair;
  if (isProvable(pair)) return 'it stopped although the outcome can be proven';
  if (chain !== '') return `the ledger is broken: ${chain}`;
  const [started, failed] = ledger.slice(-2);
  const interrupted =
    started?.state === 'STARTED' &&
    failed?.state === 'FAILED' &&
    failed.proof === 'none' &&
    failed.changeId === started.changeId &&
    failed.executionId !== started.executionId;
  if (!interrupted) return 'it stopped although nothing was interrupted';
  const name = failed.kind === 'undo' ? undoOf(failed.changeId) : failed.changeId;
  const before = EFFECTS[work].slice(0, EFFECTS[work].indexOf(name));
  const [half, ...more] = effects.slice(before.length);
  return same(effects.slice(0, before.length), complete(before)) &&
    more.length === 0 &&
    (half === undefined || half.name === name)
    ? ''
    : 'it stopped with an effect of another change missing, doubled, or too early';
}

/**
 * Whether another run than the one that had announced it has told what became of a change.
 *
 * @param {readonly Recorded[]} ledger
 */
function wasSettled(ledger) {
  return ledger.some(({ changeId, executionId, state }, index) => {
    const next = ledger[index + 1];
    return state === 'STARTED' && next?.changeId === changeId && next.executionId !== executionId;
  });
}

/** @param {readonly string[]} names */
function complete(names) {
  return names.map((name) => ({ name, complete: true }));
}

/**
 * @param {unknown} seen
 * @param {unknown} expected
 */
function same(seen, expected) {
  return JSON.stringify(seen) === JSON.stringify(expected);
}

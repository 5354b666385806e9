import { EFFECTS } from '../../../tools/crash/pairs.mjs';

/**
 * Effects in a system that does not tell in which order they came: in that of the sequence, and behind them what should not be
 * there.
 *
 * @param {readonly string[]} found
 * @returns {readonly import('./systems.mjs').Effect[]}
 */
export function inSequence(found) {
  const expected = EFFECTS.undo.filter((effect) => found.includes(effect));
  const others = found.filter((effect) => !EFFECTS.undo.includes(effect));
  return [...expected, ...others].map((name) => ({ name, complete: true }));
}

/**
 * What a trial calls its own, of the names that everybody has given: they begin with its own and a dot.
 *
 * @param {string} trial
 * @param {readonly string[]} names
 */
export function ownOf(trial, names) {
  return names.filter((name) => name.startsWith(`${trial}.`)).map((name) => name.slice(trial.length + 1));
}

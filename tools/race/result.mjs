import { CLAIMS } from './claims.mjs';

/** @typedef {ReturnType<typeof resultOf>} Result */

/**
 * One heat, held against what it must show.
 *
 * @param {import('./race.mjs').HeatFacts} facts
 */
export function resultOf(facts) {
  const { store, heat, runners, milliseconds, requests, outcomes } = facts;
  const claims = CLAIMS[heat].map(({ text, holds }) => ({ text, met: holds(facts) }));
  return {
    ok: claims.every(({ met }) => met),
    store,
    heat,
    processes: runners.length,
    ready: runners.filter(({ ready }) => ready).length,
    failed: runners.filter(({ exitCode }) => exitCode !== null).length,
    requests: requests.length,
    outcomes,
    milliseconds,
    claims,
  };
}

/**
 * The results for a person, a line each.
 *
 * @param {readonly Result[]} results
 */
export function tableOf(results) {
  const rows = results.map(
    ({ store, processes, heat, ready, failed, outcomes, requests, milliseconds, ok }) => [
      ...[store, processes, heat, ready, failed, outcomes.length, requests],
      `${(milliseconds / 1000).toFixed(1)} s`,
      ok ? 'met' : 'NOT MET',
    ],
  );
  const lines = [
    ['store', 'processes', 'heat', 'ready', 'failed', 'changes tried', 'requests', 'time', 'claims'],
    ...rows,
  ].map((cells) => cells.map(String));
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  '));
}

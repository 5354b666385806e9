import { rounded } from './statistics.mjs';
import { atMost } from './target.mjs';

/**
 * What was to be reached with a start, at one point: the bare query, ours, ours with a full reading, then the peers.
 *
 * @param {import('./startup.mjs').StartupPoint} point
 * @returns {import('./target.mjs').Target[]}
 */
export function targetsOf({ applied, rtt, contenders: [bare, ours, fullReading, ...peers] }) {
  if (bare === undefined || ours === undefined || fullReading === undefined) return [];
  const where = `${applied} applied, ${rtt} ms for a round trip`;
  return [
    atMost(`statements of a start (${where})`, Math.max(ours.statements, fullReading.statements), 1),
    atMost(`times the bare query (${where})`, rounded(1 / bare.ratio), 1.5),
    ...peers.map((peer) => atMost(`times ${peer.name} (${where})`, rounded(1 / peer.ratio), 1)),
  ];
}

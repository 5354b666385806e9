import { rounded } from './statistics.mjs';
import { atMost } from './target.mjs';

/**
 * What was to be reached with a start, at one point: the bare query, this software, then the peers.
 *
 * @param {import('./startup.mjs').StartupPoint} point
 * @param {number} own how many of them are this software; the others are compared with the first one
 * @returns {import('./target.mjs').Target[]}
 */
export function targetsOf({ applied, rtt, contenders: [bare, ...contenders] }, own) {
  const where = `${applied} applied, ${rtt} ms for a round trip`;
  const statements = contenders.slice(0, own).map((ours) => ours.statements);
  return [
    atMost(`statements of a start (${where})`, Math.max(...statements), 1),
    atMost(`times the bare query (${where})`, rounded(1 / (bare?.ratio ?? NaN)), 1.5),
    ...contenders
      .slice(own)
      .map((peer) => atMost(`times ${peer.name} (${where})`, rounded(1 / peer.ratio), 1)),
  ];
}

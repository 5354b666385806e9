import type { ChangeSourceFile } from '../../sources/change-files.js';

export const NUMBERINGS = ['number', 'timestamp'] as const;

export type Numbering = (typeof NUMBERINGS)[number];

/** A year, a month, a day and what follows of the time. */
const TIMESTAMP = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d\d){0,3}\d{0,3}$/;

/**
 * The digits of the next change: always above all that are there, and as wide as those.
 *
 * @param files in their order
 * @param numbering default: that of the last change
 * @param now time stamps are in UTC
 */
export function nextDigits(
  files: readonly ChangeSourceFile[],
  numbering: Numbering | undefined,
  now: Date,
): string {
  const last = files.at(-1);
  const stamped = TIMESTAMP.test(last?.digits ?? '');
  const highest = last?.order ?? 0n;
  const following = String(highest + 1n).padStart(last?.digits.length ?? 4, '0');
  if ((numbering ?? (stamped ? 'timestamp' : 'number')) === 'number') return following;
  const stamp = now
    .toISOString()
    .replace(/\D/g, '')
    .slice(0, stamped ? last?.digits.length : 14);
  return BigInt(stamp) > highest ? stamp : following;
}

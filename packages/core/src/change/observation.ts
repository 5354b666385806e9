import { isObject } from '../is-object.js';
import type { Verdict } from './change.js';

/** A verdict, with what a person should know of why. */
export interface Observation {
  readonly verdict: Verdict;
  /** What the target system holds otherwise than the change wants, a line each: `partitions: want 12, has 6`. No secrets. */
  readonly differences?: readonly string[];
}

const MAX_DIFFERENCES = 20;
const MAX_LENGTH = 300;

/**
 * What a `verify` answered: a verdict, or an observation; `undefined` for anything else.
 *
 * @param redact takes secrets out of a line, while it is whole: what is left of one that was cut would not be known
 */
export function readObservation(
  answer: unknown,
  redact: (line: string) => string,
): Required<Observation> | undefined {
  if (isVerdict(answer)) return { verdict: answer, differences: [] };
  if (!isObject(answer)) return undefined;
  const { verdict, differences = [] } = answer as {
    readonly verdict?: unknown;
    readonly differences?: unknown;
  };
  if (!isVerdict(verdict) || !Array.isArray(differences)) return undefined;
  const lines = differences.filter((one) => typeof one === 'string');
  return { verdict, differences: shortened(lines, redact) };
}

function isVerdict(value: unknown): value is Verdict {
  return value === 'APPLIED' || value === 'NOT_APPLIED' || value === 'UNKNOWN';
}

/**
 * As many lines of a list as a person reads, each on one line and not longer than that.
 *
 * @param redact as of {@link readObservation}; default: for what was redacted before
 */
export function shortened(
  lines: readonly string[],
  redact: (line: string) => string = String,
): readonly string[] {
  const shown = lines
    .slice(0, MAX_DIFFERENCES)
    .map((line) => redact(line).replace(/\s+/g, ' ').slice(0, MAX_LENGTH));
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

import type { Progress } from '@flamingock/core';
import { span } from '../../terminal/time-text.js';

/** A report of progress, and when it came, in milliseconds of a monotonic clock. */
export interface Reported extends Progress {
  readonly at: number;
}

/** The change that runs now. */
export interface Running {
  readonly displayName: string;
  readonly since: number;
  readonly first: Reported | undefined;
  readonly last: Reported | undefined;
}

/**
 * One line: elapsed time, how much is done, how fast, and how long it takes yet. The rate counts from the first report,
 * because what was done before a resumption was not done now.
 *
 * @param now in milliseconds of the same clock
 */
export function progressText({ displayName, since, first, last }: Running, now: number): string {
  const elapsed = `${displayName}  ${span(now - since)}`;
  if (first === undefined || last === undefined) return elapsed;
  const { done, total, note } = last;
  const percent = total === undefined || total === 0 ? '' : ` (${Math.floor((100 * done) / total)} %)`;
  const amount = `${done}${total === undefined ? '' : ` of ${total}`}${percent}`;
  const perMs = last.at > first.at ? (last.done - first.done) / (last.at - first.at) : 0;
  const rate = perMs > 0 ? [`${Math.round(perMs * 1000)}/s`] : [];
  const left = perMs > 0 && total !== undefined ? [`${span(Math.max(0, total - done) / perMs)} left`] : [];
  return [`${elapsed}  ${amount}`, ...rate, ...left, ...(note === undefined ? [] : [note])].join(', ');
}

import type { ChangeProblems } from './change-problems.js';

/** A generator that is called does nothing yet: such a change would be recorded as applied without an effect. */
export function refuseGenerator(callable: unknown, title: string, problems: ChangeProblems): void {
  if (!/Generator/.test(Object.prototype.toString.call(callable))) return;
  problems.add(
    'FLG_CHANGE_INVALID',
    `${title} is a generator.`,
    'Write it as an async method, without the asterisk.',
  );
}

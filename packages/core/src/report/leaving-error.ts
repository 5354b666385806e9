import { FlamingockError } from '../errors.js';
import type { Redactor } from './redactor.js';

/**
 * A coded error as it may leave the engine: without secrets in its texts, and with nothing foreign that hangs on it. A
 * store, a target or a container may have made it of what a driver said.
 */
export function leavingError(error: FlamingockError, redactor: Redactor): FlamingockError {
  const { code, hint } = error;
  const message = redactor.redact(messageOf(error));
  const problems = error.problems.map((problem) => leavingError(problem, redactor));
  const isClean =
    error.cause === undefined &&
    message === messageOf(error) &&
    redactor.redact(hint) === hint &&
    problems.every((problem, index) => problem === error.problems[index]);
  return isClean ? error : new FlamingockError({ code, message, hint: redactor.redact(hint), problems });
}

/** What was passed as `message`: the error itself shows its code before it and its hint behind it. */
function messageOf({ message, code, hint }: FlamingockError): string {
  const [before, after] = [`${code}: `, `\n  -> ${hint}`];
  return message.slice(
    message.startsWith(before) ? before.length : 0,
    message.endsWith(after) ? -after.length : undefined,
  );
}

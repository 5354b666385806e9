import { FlamingockError } from '@flamingock/core';
import { knownNames } from '@flamingock/core/desk';

/** What was typed cannot be used. */
export function usage(message: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_USAGE', message, hint });
}

/** Something was named that is not there, with the name that was probably meant. */
export function notKnown(what: string, name: string, known: readonly string[]): FlamingockError {
  return usage(`There is no ${what} '${name}'.`, knownNames(name, known));
}

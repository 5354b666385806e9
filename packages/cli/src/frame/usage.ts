import { FlamingockError } from '@flamingock/core';
import { nearest } from '@flamingock/core/desk';

/** What was typed cannot be used. */
export function usage(message: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_USAGE', message, hint });
}

/** Something was named that is not there, with the name that was probably meant. */
export function notKnown(what: string, name: string, known: readonly string[]): FlamingockError {
  const similar = nearest(name, known);
  const list = known.length === 0 ? 'There is none.' : `Known: ${known.join(', ')}.`;
  return usage(
    `There is no ${what} '${name}'.`,
    `${similar === undefined ? '' : `Did you mean '${similar}'? `}${list}`,
  );
}

import { isFlamingockError } from '@flamingock/core';
import { inspect } from 'node:util';

/**
 * Makes an error fit for Nest, which prints whatever ends a start with `inspect`. A person is helped by the message,
 * which has the hint in it; the engine's own stack and a second copy of the hint would bury it. Errors of others
 * stay as they are.
 */
export function printable(error: unknown): unknown {
  if (!isFlamingockError(error)) return error;
  const text = `${error.name}: ${error.message}`;
  return Object.assign(error, { stack: text, [inspect.custom]: () => text });
}

import { isObject } from '../is-object.js';

/**
 * What a change threw, or a plain error in its place where merely reading it throws (a revoked proxy, a getter, an
 * object without a prototype): recording an outcome must not fail at the error that it is about.
 */
export function readableError(error: unknown): unknown {
  try {
    read(error);
    return error;
  } catch {
    return new Error('it threw something that cannot be read');
  }
}

/** Touches everything that is ever asked of an error, as deep as anybody looks. */
function read(error: unknown, depth = 0): void {
  if (!isObject(error)) return;
  const { name, message, code, stack, cause, errors } = error as Readonly<Record<string, unknown>>;
  Reflect.has(error, 'message');
  // As a callback, because a bundler takes a plain String(…) for free of effects, and out.
  [name, message ?? error, code, stack].map(String);
  if (depth === 5) return;
  read(cause, depth + 1);
  if (Array.isArray(errors)) for (const one of errors) read(one, depth + 1);
}

import { isFlamingockError } from '../errors.js';
import { readableError } from '../report/readable-error.js';
import { Redactor } from '../report/redactor.js';

/**
 * What a person is told of whatever was thrown where there is no engine yet: the message of a coded error, or else where it
 * came from, without the credentials in URLs. Its other properties may hold what it could not read, and stay behind.
 */
export function toldReason(thrown: unknown): string {
  if (isFlamingockError(thrown)) return thrown.message;
  const readable = readableError(thrown);
  const { stack } = Object(readable) as { readonly stack?: unknown };
  return new Redactor([]).redact(typeof stack === 'string' ? stack : String(readable));
}

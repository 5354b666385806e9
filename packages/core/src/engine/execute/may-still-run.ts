import { isObject } from '../../is-object.js';

const UNSETTLED_CODES = new Set([
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ESOCKETTIMEDOUT',
  'ABORT_ERR',
  'PROTOCOL_CONNECTION_LOST',
]);

/** How clients say, in a name, a code or a message, that they gave up: `KafkaJSRequestTimeoutError`, `DEADLINE_EXCEEDED`. */
const GAVE_UP = /time-?d?[ _-]?out|deadline|abort/i;

/** How they say that the connection went while they waited: `MongoNetworkError: connection 5 to 10.0.0.7:27017 closed`. */
const WAS_CUT =
  /connection (was )?(terminated|lost|closed|cut|reset)|(closed|lost) the connection|connection \d+ to \S+ closed|network ?error|socket hang up/i;

/**
 * Tells whether the other side may still be executing what it was sent, although the call has failed: after a time-out, or
 * a connection that broke. Taken from what clients say: one that is wrongly found here costs a proof, one that is missed
 * would be a wrong one.
 */
export function mayStillRun(error: unknown, depth = 0): boolean {
  if (depth === 5 || !isObject(error)) return false;
  const { name, code, message, cause, errors } = error as Readonly<Record<string, unknown>>;
  if (typeof code === 'string' && (UNSETTLED_CODES.has(code) || code.startsWith('UND_ERR_'))) return true;
  const says = [name, code, message].filter((text) => typeof text === 'string');
  if (says.some((text) => GAVE_UP.test(text) || WAS_CUT.test(text))) return true;
  return [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].some((one) =>
    mayStillRun(one, depth + 1),
  );
}

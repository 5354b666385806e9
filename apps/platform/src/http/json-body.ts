import { Problem } from './problem.js';
import { BODY_LIMIT, type ReceivedRequest } from './received-request.js';

const JSON_MEDIA_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * The body of a request as a JSON object with no other keys than these; each may be missing.
 *
 * Throws a `Problem`: 413 too long, 415 not declared as JSON, 400 malformed, not an object, or an unknown key.
 */
export function readJsonObject<Key extends string>(
  request: ReceivedRequest,
  keys: readonly Key[],
): Partial<Record<Key, unknown>> {
  const value = parseJson(request);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(400, 'The body must be a JSON object.');
  }
  const unknown = Object.keys(value).filter((key) => !(keys as readonly string[]).includes(key));
  if (unknown.length > 0) {
    throw new Problem(400, `Unknown in the body: ${unknown.join(', ')}. Known are: ${keys.join(', ')}.`);
  }
  return value;
}

function parseJson({ body, contentType }: ReceivedRequest): unknown {
  if (body.length > BODY_LIMIT) {
    throw new Problem(413, `The body has ${body.length} bytes; at most ${BODY_LIMIT} are accepted.`);
  }
  if (body.length === 0) throw new Problem(400, 'This request needs a body.');
  if (contentType === undefined || !JSON_MEDIA_TYPE.test(contentType)) {
    throw new Problem(
      415,
      `The body must be JSON and say so; its content type is ${contentType ?? 'missing'}.`,
    );
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.bytes));
  } catch {
    throw new Problem(400, 'The body is not valid JSON in UTF-8.');
  }
}

import { createHash } from 'node:crypto';
import type { ClientUse } from '../target.js';
import type { HttpRequest } from './http-client.js';
import { HttpError } from './http-error.js';
import { exchangeOf } from './send-request.js';

/** Methods that a system may execute twice when it is asked twice; the others say themselves what is to be there. */
const KEYED_METHODS: ReadonlySet<string> = new Set(['POST', 'PATCH']);

/**
 * Names what each request of one call is to bring about, by service, environment, tenant, change and step, so that a
 * system which keeps such names executes it once, however often it is attempted. After an undo or a rollback the names are
 * other ones: the system would answer an old one with its old answer, and do nothing.
 *
 * A step without a name of its own is known by what is sent, and by how often this call has sent the same: its place in
 * the order would be another one's as soon as an attempt leaves out what is there already. The name of a step is for one
 * request of a call: of two the system would execute the first, and answer the second with the first one's answer.
 */
export class IdempotencyKeys {
  readonly #use: ClientUse;
  readonly #times = new Map<string, number>();
  /** Keys of steps that are under way, or were brought about. */
  readonly #taken = new Set<string>();

  constructor(use: ClientUse) {
    this.#use = use;
  }

  /**
   * Throws an `HttpError` `HTTP_STEP` for a step that is under way or was brought about by this call.
   *
   * @returns a UUID; `undefined` for what needs no name
   */
  next(request: Pick<HttpRequest, 'method' | 'path' | 'step'>, body: string | undefined): string | undefined {
    const method = request.method.toUpperCase();
    // What verify asks for must be answered anew each time.
    if (this.#use.method === 'verify' || !KEYED_METHODS.has(method)) return undefined;
    const { key, changeId, method: call, absentSince } = this.#use;
    const { service, environment, tenant } = key;
    const step = request.step === undefined ? this.#unnamed(method, request.path, body) : [request.step];
    const name = uuidOf([service, environment, tenant, changeId, call, absentSince, ...step]);
    if (request.step === undefined) return name;
    if (this.#taken.has(name)) throw taken(request);
    this.#taken.add(name);
    return name;
  }

  /** What has this name was not brought about: it may be tried again under the same. */
  failed(name: string): void {
    this.#taken.delete(name);
  }

  #unnamed(method: string, path: string, body = ''): readonly (string | number)[] {
    const content = digest([method, path, body]).toString('base64');
    const times = (this.#times.get(content) ?? 0) + 1;
    this.#times.set(content, times);
    return [content, times];
  }
}

function taken(request: Pick<HttpRequest, 'method' | 'path'>): HttpError {
  return new HttpError({
    ...exchangeOf(request),
    code: 'HTTP_STEP',
    reason: 'was not sent: its step names another request of this call already',
  });
}

function digest(parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** Of version 8, the one for contents of one's own: systems limit the length of a key, and some ask for a UUID. */
function uuidOf(parts: readonly (string | number)[]): string {
  const hex = digest(parts).toString('hex');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

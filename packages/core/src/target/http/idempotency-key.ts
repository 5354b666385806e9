import { createHash } from 'node:crypto';
import type { ClientUse } from '../target.js';
import type { HttpRequest } from './http-client.js';

/** Methods that a system may execute twice when it is asked twice; the others say themselves what is to be there. */
const KEYED_METHODS: ReadonlySet<string> = new Set(['POST', 'PATCH']);

/**
 * Names what each request of one call is to bring about, by service, environment, tenant, change and step, so that a
 * system which keeps such names executes it once, however often it is attempted. After an undo or a rollback the names are
 * other ones: the system would answer an old one with its old answer, and do nothing.
 *
 * A step without a name of its own is known by what is sent, and by how often this call has sent the same: its place in
 * the order would be another one's as soon as an attempt leaves out what is there already.
 */
export class IdempotencyKeys {
  readonly #use: ClientUse;
  readonly #times = new Map<string, number>();

  constructor(use: ClientUse) {
    this.#use = use;
  }

  /** @returns a UUID; `undefined` for what needs no name */
  next(request: Pick<HttpRequest, 'method' | 'path' | 'step'>, body: string | undefined): string | undefined {
    const method = request.method.toUpperCase();
    // What verify asks for must be answered anew each time.
    if (this.#use.method === 'verify' || !KEYED_METHODS.has(method)) return undefined;
    const { key, changeId, method: call, absentSince } = this.#use;
    const { service, environment, tenant } = key;
    const step = request.step === undefined ? this.#unnamed(method, request.path, body) : [request.step];
    return uuidOf([service, environment, tenant, changeId, call, absentSince, ...step]);
  }

  #unnamed(method: string, path: string, body = ''): readonly (string | number)[] {
    const content = digest([method, path, body]).toString('base64');
    const times = (this.#times.get(content) ?? 0) + 1;
    this.#times.set(content, times);
    return [content, times];
  }
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

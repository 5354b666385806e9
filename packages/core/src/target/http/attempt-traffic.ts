import type { Evidence } from '../target.js';

/** To whom a request belongs: the attempt that is looked at, another one that runs now, or no change at all. */
export type Owner = 'attempt' | 'another' | 'nobody';

/** A request at the moment when it is first seen. */
export interface BegunRequest {
  readonly owner: Owner;
  readonly method: string;
  /** Name or address without the port; `undefined` where it cannot be told. */
  readonly host: string | undefined;
  /** It asks for another protocol, over which anything may follow unseen. */
  readonly upgrade?: boolean;
}

/** What the target says of its system. */
export interface ObservedSystem {
  /** Tells whether an answer with this status is declared to be without effect. */
  rejects(status: number): boolean;
  /** Its host, where it is known before a request goes there. */
  readonly host?: string;
}

/** How a request ended: `unknown` when it was, or may have been, sent and no complete answer came. */
type End = 'not-sent' | 'rejected' | 'answered' | 'unknown';

interface OpenRequest {
  readonly safe: boolean;
  /** How often its head and its body were written: a client may send one request again by itself. */
  heads: number;
  bodies: number;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * What was seen of the requests of one attempt, and what that proves. Knows no client: the requests are
 * told apart by whatever object stands for them. Holds open requests only, so a long attempt may send millions.
 */
export class AttemptTraffic {
  readonly #open = new Map<object, OpenRequest>();
  readonly #hosts = new Set<string | undefined>();
  readonly #strangersHosts = new Set<string | undefined>();
  /** How safe requests ended, and how those ended that could have had an effect. */
  readonly #safe = new Set<End>();
  readonly #effectful = new Set<End>();
  readonly #system: ObservedSystem;
  #blind = false;

  constructor(system: ObservedSystem) {
    this.#system = system;
    if (system.host !== undefined) this.#hosts.add(system.host);
  }

  begin(key: object, request: BegunRequest): void {
    const safe = SAFE_METHODS.has(request.method.toUpperCase()) && request.upgrade !== true;
    if (request.owner === 'nobody' && !safe) this.#strangersHosts.add(request.host);
    if (request.owner !== 'attempt' || this.#open.has(key)) return;
    this.#hosts.add(request.host);
    this.#open.set(key, { safe, heads: 0, bodies: 0 });
  }

  /** Tells whether the request is one of the attempt that is still open. */
  follows(key: object): boolean {
    return this.#open.has(key);
  }

  /** The first bytes of the head, or the last of the body, were handed to a connection. */
  sent(key: object, part: 'heads' | 'bodies'): void {
    const request = this.#open.get(key);
    if (request !== undefined) request[part] += 1;
  }

  /** A status arrived. A rejection counts from here on: few clients read the body of one before they throw. */
  status(key: object, status: number): void {
    const request = this.#open.get(key);
    if (request === undefined || !this.#system.rejects(status)) return;
    // Of a request that was sent twice, the first may have been executed.
    this.#end(key, request, request.heads > 1 || request.bodies > 1 ? 'unknown' : 'rejected');
  }

  /** The whole answer arrived. */
  complete(key: object): void {
    const request = this.#open.get(key);
    if (request !== undefined) this.#end(key, request, 'answered');
  }

  /** @param unconnected it never had a connection */
  failed(key: object, unconnected: boolean): void {
    const request = this.#open.get(key);
    if (request === undefined) return;
    this.#end(key, request, unconnected && request.heads + request.bodies === 0 ? 'not-sent' : 'unknown');
  }

  /** Something happened that cannot be followed: from now on nothing is proven. */
  blind(): void {
    this.#blind = true;
  }

  /** What all of it proves, now that the attempt has failed. In doubt nothing. */
  evidence(): Evidence {
    const unanswered = this.#open.size > 0 || this.#safe.has('unknown') || this.#effectful.has('unknown');
    return { proof: this.#proof(), settled: !unanswered && !this.#blind };
  }

  #proof(): Evidence['proof'] {
    if (this.#blind || this.#open.size > 0) return 'none';
    if (this.#effectful.has('answered') || this.#effectful.has('unknown')) return 'none';
    // A request that belongs to no change may be one of this change, sent by a client that lost its context.
    if (this.#strangersHosts.has(undefined) || this.#hosts.has(undefined)) return 'none';
    if ([...this.#strangersHosts].some((host) => this.#hosts.has(host))) return 'none';
    const failed = this.#effectful.size > 0 ? this.#effectful : this.#safe;
    if (failed.has('rejected')) return 'rejected';
    return failed.has('not-sent') ? 'not-sent' : 'none';
  }

  #end(key: object, request: OpenRequest, end: End): void {
    this.#open.delete(key);
    (request.safe ? this.#safe : this.#effectful).add(end);
  }
}

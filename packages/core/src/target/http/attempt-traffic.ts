import type { Evidence } from '../target.js';

/**
 * To whom a request belongs: the attempt that is looked at; to something that is known to have no part in it; or to nobody
 * who is known, which may be a client of the attempt that has lost its context.
 */
export type Owner = 'attempt' | 'beside' | 'nobody';

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
  /** Its hosts, where they are known; otherwise a request to any host may be one to it. */
  readonly hosts?: readonly string[];
}

/** How a request ended: `unknown` when it was, or may have been, sent and no complete answer came. */
type End = 'not-sent' | 'rejected' | 'answered' | 'unknown';

interface OpenRequest {
  readonly owner: Exclude<Owner, 'beside'>;
  readonly host: string | undefined;
  readonly safe: boolean;
  /** How often its head and its body were written: a client may send one request again by itself. */
  heads: number;
  bodies: number;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Tells whether a method, in whatever spelling, is one that changes nothing. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method.toUpperCase());
}

/**
 * What was seen of the requests of one attempt, and what that proves. Knows no client: the requests are
 * told apart by whatever object stands for them. Holds open requests only, so a long attempt may send millions.
 */
export class AttemptTraffic {
  readonly #open = new Map<object, OpenRequest>();
  readonly #hosts: Set<string | undefined>;
  /** Hosts at which a write of nobody had, or may have had, an effect. */
  readonly #strangersHosts = new Set<string | undefined>();
  /** How safe requests ended, and how those ended that could have had an effect. */
  readonly #safe = new Set<End>();
  readonly #effectful = new Set<End>();
  readonly #system: ObservedSystem;
  #blind = false;

  constructor(system: ObservedSystem) {
    this.#system = system;
    this.#hosts = new Set(system.hosts);
  }

  begin(key: object, { owner, method, host, upgrade }: BegunRequest): void {
    const safe = isSafe(method) && upgrade !== true;
    if (owner === 'beside' || (owner === 'nobody' && safe) || this.#open.has(key)) return;
    if (owner === 'attempt') this.#hosts.add(host);
    this.#open.set(key, { owner, host, safe, heads: 0, bodies: 0 });
  }

  /** Tells whether the request is followed and still open. */
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

  /** The client gave something up before it made a request of it. */
  unsent(): void {
    this.#effectful.add('not-sent');
  }

  /** Something was begun that cannot be followed, not even to its host. */
  unseen(owner: Owner): void {
    if (owner === 'attempt') this.blind();
    else if (owner === 'nobody' && this.#system.hosts === undefined) this.#strangersHosts.add(undefined);
  }

  /** Something happened that cannot be followed: from now on nothing is proven. */
  blind(): void {
    this.#blind = true;
  }

  /** What all of it proves, now that the attempt has failed. In doubt nothing. */
  evidence(): Evidence {
    const open = [...this.#open.values()];
    const strangers = new Set(this.#strangersHosts);
    for (const { owner, host } of open) if (owner === 'nobody') strangers.add(host);
    const answerless = open.some(({ owner }) => owner === 'attempt');
    const unanswered = answerless || this.#safe.has('unknown') || this.#effectful.has('unknown');
    const proof = answerless ? 'none' : this.#proof(strangers);
    return { proof, settled: !unanswered && !this.#blind };
  }

  #proof(strangersHosts: ReadonlySet<string | undefined>): Evidence['proof'] {
    if (this.#blind) return 'none';
    if (this.#effectful.has('answered') || this.#effectful.has('unknown')) return 'none';
    if (this.#hosts.has(undefined)) return 'none';
    if ([...strangersHosts].some((host) => this.#mayBeOwn(host))) return 'none';
    const failed = this.#effectful.size > 0 ? this.#effectful : this.#safe;
    if (failed.has('rejected')) return 'rejected';
    return failed.has('not-sent') ? 'not-sent' : 'none';
  }

  /** A write of nobody may be one of this change, sent by a client that lost its context. */
  #mayBeOwn(host: string | undefined): boolean {
    return this.#system.hosts === undefined || host === undefined || this.#hosts.has(host);
  }

  #end(key: object, { owner, host, safe }: OpenRequest, end: End): void {
    this.#open.delete(key);
    if (owner === 'attempt') (safe ? this.#safe : this.#effectful).add(end);
    else if (end === 'answered' || end === 'unknown') this.#strangersHosts.add(host);
  }
}

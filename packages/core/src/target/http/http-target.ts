import { tokenKey } from '../../change/token.js';
import type { ClientUse, Target } from '../target.js';
import { ClientOfCall } from './client-of-call.js';
import { HttpClient } from './http-client.js';
import { type HttpTargetOptions, validateHttpOptions } from './http-options.js';
import { type ObservedEvidence, observedEvidence } from './observe.js';
import { RequestPerformer } from './perform-request.js';
import { isTransientHttp } from './transient.js';

const REJECTED_STATUSES: readonly number[] = [400, 401, 403, 404, 422, 429];

/**
 * A target system that is reached over HTTP. What a change sends is observed, whichever client it uses, and a
 * failure is proven to be without effect where that could be seen.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * httpTarget({ clients: [ApiContractService], rejectedStatuses: [503] }) // the application's own client
 * httpTarget({ baseUrl: 'https://gateway.internal/admin', auth: () => `Bearer ${token()}` }) // supplies an HttpClient
 */
export function httpTarget(options: HttpTargetOptions): Target {
  validateHttpOptions(options);
  const url = options.baseUrl === undefined ? undefined : new URL(options.baseUrl);
  const identity = options.identity ?? url?.origin;
  const hosts = knownHosts(options, url);
  const statuses = rejectedStatuses(options.rejectedStatuses);
  const rejects = (status: number): boolean => statuses.includes(status);
  const evidence = observedEvidence({ rejects, ...(hosts === undefined ? {} : { hosts }) });
  const supplied = url === undefined ? undefined : new SuppliedClients(url, options, rejects, evidence);
  return {
    kind: 'http',
    ...(identity === undefined ? {} : { identity }),
    secrets: [...(url === undefined ? [] : secretsIn(url)), ...secretsAmong(options.headers ?? {})],
    clients: options.clients ?? [],
    supplies: (token) => supplied !== undefined && tokenKey(token) === HttpClient,
    client: (_token, use) => supplied?.client(use),
    isTransient: isTransientHttp,
    evidence: {
      observe: (attempt, use) =>
        supplied === undefined || use === undefined
          ? evidence.observe(attempt, use)
          : supplied.ofCall(use).observe(attempt),
    },
  };
}

/** The clients that a target supplies: one for each call of a change, and one for everybody else. */
class SuppliedClients {
  readonly #performer: RequestPerformer;
  readonly #evidence: ObservedEvidence;
  readonly #ofNoCall: HttpClient;
  readonly #ofCalls = new WeakMap<ClientUse, ClientOfCall>();

  constructor(
    url: URL,
    options: HttpTargetOptions,
    rejects: (status: number) => boolean,
    evidence: ObservedEvidence,
  ) {
    this.#evidence = evidence;
    const basic = basicAuth(url);
    const { auth = basic === undefined ? undefined : () => basic, idempotency = {} } = options;
    const settings = {
      baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
      ...(auth === undefined ? {} : { auth }),
      headers: options.headers ?? {},
      timeoutMs: options.timeoutMs ?? 30_000,
      retries: options.retries ?? 2,
      idempotency:
        idempotency === false ? undefined : { header: 'Idempotency-Key', honoured: false, ...idempotency },
      rejects,
    };
    this.#performer = new RequestPerformer(settings, evidence);
    this.#ofNoCall = new HttpClient((request, wanted) =>
      this.#performer.perform(request, undefined).then(wanted),
    );
  }

  client(use: ClientUse | undefined): HttpClient {
    return use === undefined ? this.#ofNoCall : this.ofCall(use).client;
  }

  ofCall(use: ClientUse): ClientOfCall {
    const known = this.#ofCalls.get(use) ?? new ClientOfCall(use, this.#performer, this.#evidence);
    this.#ofCalls.set(use, known);
    return known;
  }
}

/** A client that is not ours may speak to any host, and send from a context that is not that of its change. */
function knownHosts({ hosts, clients }: HttpTargetOptions, url: URL | undefined): string[] | undefined {
  if (hosts === undefined && (url === undefined || clients !== undefined)) return undefined;
  const named = (hosts ?? []).map((host) => new URL(`http://${host}`).hostname);
  return url === undefined ? named : [...named, url.hostname];
}

function rejectedStatuses(declared: HttpTargetOptions['rejectedStatuses'] = []): readonly number[] {
  return 'only' in declared ? declared.only : [...REJECTED_STATUSES, ...declared];
}

function basicAuth({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A user without a password is a token; beside one it is only a name, which other texts may hold rightly. */
function secretsIn(url: URL): string[] {
  const basic = basicAuth(url);
  if (basic === undefined) return [];
  return [
    decodeURIComponent(url.password === '' ? url.username : url.password),
    basic.slice('Basic '.length),
  ];
}

/** Values of headers that prove who asks, with and without their scheme. */
function secretsAmong(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    /auth|cookie|key|secret|token/i.test(name) ? [value, value.replace(/^\S+ /, '')] : [],
  );
}

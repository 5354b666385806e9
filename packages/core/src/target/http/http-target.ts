import { tokenKey } from '../../change/token.js';
import type { Target } from '../target.js';
import { HttpClient } from './http-client.js';
import { type HttpTargetOptions, validateHttpOptions } from './http-options.js';
import { observedEvidence } from './observe.js';
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
  const rejected = rejectedStatuses(options.rejectedStatuses);
  const evidence = observedEvidence({
    rejects: (status) => rejected.includes(status),
    ...(url === undefined ? {} : { host: url.hostname }),
  });
  const client = url === undefined ? undefined : clientFor(url, options, (action) => evidence.beside(action));
  return {
    kind: 'http',
    ...(identity === undefined ? {} : { identity }),
    secrets: [...(url === undefined ? [] : secretsIn(url)), ...secretsAmong(options.headers ?? {})],
    clients: options.clients ?? [],
    supplies: (token) => client !== undefined && tokenKey(token) === HttpClient,
    client: () => client,
    isTransient: isTransientHttp,
    evidence,
  };
}

function clientFor(url: URL, options: HttpTargetOptions, beside: <T>(action: () => T) => T): HttpClient {
  const basic = basicAuth(url);
  const { auth = basic === undefined ? undefined : () => basic } = options;
  return new HttpClient({
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    ...(auth === undefined ? {} : { auth: () => beside(auth) }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    timeoutMs: options.timeoutMs ?? 30_000,
  });
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

import { isTransientHttp, observedEvidence, type Target, tokenKey } from '@flamingock/core/spi';
import { RegistryApi } from './registry-api.js';
import { type SchemaRegistryTargetOptions, validateRegistryOptions } from './registry-options.js';
import { SchemaRegistryClient } from './schema-registry-client.js';
import { fetchWith } from './tls-fetch.js';
import { type Fetch, Transport } from './transport.js';

/** By which a registry says that a request had no effect: no right, not there, incompatible, no schema, too many. */
const REJECTED: readonly number[] = [400, 401, 403, 404, 405, 409, 422, 429];

/**
 * A schema registry with Confluent's REST API. Changes are given a `SchemaRegistryClient`. What a change sends is observed, and a
 * failure is proven to be without effect where that could be seen; in doubt a change that lists its intentions looks itself.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * schemaRegistryTarget({ url: 'https://registry.internal:8081', auth: () => `Bearer ${currentToken()}` })
 */
export function schemaRegistryTarget(options: SchemaRegistryTargetOptions): Target {
  validateRegistryOptions(options);
  const url = new URL(options.url);
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const evidence = observedEvidence({
    rejects: (status) => REJECTED.includes(status),
    hosts: [url.hostname],
  });
  const { auth = basicAuth(url), tls, timeoutMs = 30_000 } = options;
  let opened: Promise<Fetch> | undefined;
  const transport = new Transport({
    base,
    auth: typeof auth === 'function' ? () => evidence.beside(auth) : () => auth,
    timeoutMs,
    fetch: () => (opened ??= fetchWith(tls)),
  });
  return {
    kind: 'schema-registry',
    identity: options.identity ?? base,
    secrets: secretsOf(url, options),
    clients: [],
    supplies: (token) => tokenKey(token) === SchemaRegistryClient,
    client: (_token, use) => {
      const api = new RegistryApi(transport, use?.signal, {
        beside: (action) => evidence.beside(action),
        unsent: () => {
          if (use !== undefined) evidence.unsent(use);
        },
      });
      return new SchemaRegistryClient(api, use);
    },
    isTransient: isTransientHttp,
    evidence,
  };
}

function basicAuth({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A user without a password is a token; beside one it is only a name, which other texts may hold rightly. */
function secretsOf(url: URL, { auth, tls }: SchemaRegistryTargetOptions): string[] {
  const basic = basicAuth(url);
  return [
    ...(basic === undefined
      ? []
      : [decodeURIComponent(url.password || url.username), basic.replace(/^\S+ /, '')]),
    ...(typeof auth === 'string' ? [auth, auth.replace(/^\S+ +/, '')] : []),
    ...[tls?.key, tls?.passphrase].flatMap((secret) => (secret === undefined ? [] : [secret.toString()])),
  ];
}

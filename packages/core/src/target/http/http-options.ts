import type { Token } from '../../change/token.js';
import { FlamingockError, throwProblems } from '../../errors.js';
import { isObject } from '../../is-object.js';
import { unknownKeys } from '../../known-keys.js';
import { clientProblems, identityProblems, invalidOption } from '../option-problems.js';
import type { HttpAuth, HttpClient } from './http-client.js';

/** What `httpTarget` takes: `clients`, `baseUrl`, or both. */
export interface HttpTargetOptions {
  /**
   * Classes and tokens of the application's own clients. They stay exactly as they are; each of them must speak
   * HTTP from this process and thread, and must not send anything later than it says.
   */
  readonly clients?: readonly Token[];
  /** Makes the target supply an {@link HttpClient} for this address. User and password in it become basic authentication. */
  readonly baseUrl?: string | URL;
  /** Asked for each request of that client: the value of its `authorization` header, or headers of other names. */
  readonly auth?: () => HttpAuth | Promise<HttpAuth>;
  /** Headers of each request of that client. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Error statuses by which the system says that a request had no effect. A list adds to the defaults 400, 401,
   * 403, 404, 422 and 429; `{ only }` replaces them, for a system that does not keep to those. Declare what holds
   * on the whole way to the system: proxies answer 503 too, and some repeat a request by themselves.
   */
  readonly rejectedStatuses?: readonly number[] | { readonly only: readonly number[] };
  /** Which system exactly, free of secrets. Default: scheme, host and port of `baseUrl`. */
  readonly identity?: string;
  /** How long a request of that client may take, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
}

const WHERE = 'httpTarget()';
const KNOWN: readonly (keyof HttpTargetOptions)[] = [
  'clients',
  'baseUrl',
  'auth',
  'headers',
  'rejectedStatuses',
  'identity',
  'timeoutMs',
];

/** Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together. */
export function validateHttpOptions(options: HttpTargetOptions): void {
  throwProblems([
    ...unknownKeys(options, KNOWN, WHERE),
    ...clientProblems(options.clients, WHERE),
    ...identityProblems(options.identity, WHERE),
    ...baseUrlProblems(options),
    ...clientOptionProblems(options),
    ...statusProblems(options.rejectedStatuses),
  ]);
}

function baseUrlProblems({ baseUrl, clients }: HttpTargetOptions): FlamingockError[] {
  if (baseUrl === undefined) {
    return clients === undefined
      ? [
          invalid(
            'baseUrl',
            'is missing',
            "Pass baseUrl for a client that the target supplies, or clients: [...] for the application's own.",
          ),
        ]
      : [];
  }
  return isAddress(String(baseUrl))
    ? []
    : [
        invalid(
          'baseUrl',
          'is no http or https address without query and fragment',
          'Pass one such as https://gateway.internal/admin.',
        ),
      ];
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return /^https?:$/.test(protocol) && search === '' && hash === '';
}

/** Options of the client that `baseUrl` makes. */
function clientOptionProblems(options: HttpTargetOptions): FlamingockError[] {
  const { baseUrl, auth, headers, timeoutMs } = options;
  const problems: FlamingockError[] = [];
  if (auth !== undefined && typeof auth !== 'function') {
    problems.push(
      invalid('auth', 'must be a function', 'It is asked for each request: auth: () => `Bearer ${token}`.'),
    );
  }
  if (
    headers !== undefined &&
    !(isObject(headers) && Object.values(headers).every((value) => typeof value === 'string'))
  ) {
    problems.push(
      invalid('headers', 'must be an object of texts', "Pass headers: { 'x-client': 'orders' }."),
    );
  }
  if (timeoutMs !== undefined && !(Number.isSafeInteger(timeoutMs) && timeoutMs > 0)) {
    problems.push(
      invalid(
        'timeoutMs',
        'must be a positive whole number of milliseconds',
        'Leave it out for the default.',
      ),
    );
  }
  if (baseUrl !== undefined) return problems;
  const useless = (['auth', 'headers', 'timeoutMs'] as const).filter((name) => options[name] !== undefined);
  return [
    ...problems,
    ...useless.map((name) =>
      invalid(
        name,
        'is for the client that baseUrl makes',
        "Add baseUrl, or leave it out: the application's own clients stay as they are.",
      ),
    ),
  ];
}

function statusProblems(statuses: HttpTargetOptions['rejectedStatuses']): FlamingockError[] {
  const list: unknown = isObject(statuses) && 'only' in statuses ? statuses.only : statuses;
  const isStatus = (status: unknown): boolean =>
    Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
  if (list === undefined || (Array.isArray(list) && list.every(isStatus))) return [];
  return [
    invalid(
      'rejectedStatuses',
      'must be a list of error statuses (400 to 599)',
      'Pass [503] to add to the defaults, or { only: [422, 503] } to replace them.',
    ),
  ];
}

function invalid(option: string, what: string, hint: string): FlamingockError {
  return invalidOption(WHERE, option, what, hint);
}

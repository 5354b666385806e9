import type { Token } from '../../change/token.js';
import { FlamingockError, throwProblems } from '../../errors.js';
import { isObject } from '../../is-object.js';
import { unknownKeys } from '../../known-keys.js';
import { LONGEST_TIMER_MS } from '../../validate-options.js';
import { clientProblems, identityProblems, invalidOption } from '../option-problems.js';
import type { HttpAuthSource } from './credentials.js';
import type { HttpClient } from './http-client.js';

/** What `httpTarget` takes: `clients`, `baseUrl`, or both. */
export interface HttpTargetOptions {
  /**
   * Classes and tokens of the application's own clients. They stay exactly as they are; each of them must speak
   * HTTP from this process and thread, and must not send anything later than it says.
   */
  readonly clients?: readonly Token[];
  /** Makes the target supply an {@link HttpClient} for this address. User and password in it become basic authentication. */
  readonly baseUrl?: string | URL;
  /**
   * Asked for each request of that client: the value of its `authorization` header, or headers of other names. Asked once
   * more, with `refused: true`, when these are answered with 401, and other ones are tried.
   */
  readonly auth?: HttpAuthSource;
  /** Headers of each request of that client. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Error statuses by which the system says that a request had no effect. A list adds to the defaults 400, 401,
   * 403, 404, 422 and 429; `{ only }` replaces them, for a system that does not keep to those. Declare what holds
   * on the whole way to the system: proxies answer 503 too, and some repeat a request by themselves.
   */
  readonly rejectedStatuses?: readonly number[] | { readonly only: readonly number[] };
  /**
   * The names of the hosts that `clients` speak to, without ports. While a change runs, a write of the rest of the
   * application to any host may be one of the change's own, sent by a client that has lost its context, and takes a proof
   * away; with this option only a write to one of these does. Default: that of `baseUrl`, where there are no `clients`.
   */
  readonly hosts?: readonly string[];
  /** Which system exactly, free of secrets. Default: scheme, host and port of `baseUrl`. */
  readonly identity?: string;
  /** How long one sending of a request of that client may take, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /**
   * How often that client may send a request again, where this is provably harmless: nothing was sent; the method is one
   * that changes nothing; the answer was 429 or 503, is declared to be without effect, and says with `Retry-After` when to
   * come again (within 10 s); or the system honours the idempotency key of it. Default 2, and 10 at most.
   */
  readonly retries?: number;
  /**
   * That client names what each POST and PATCH of a change is to bring about, in the header `Idempotency-Key` or another
   * one: the same at every attempt, until the change was taken back. `honoured: true` says that the system executes what
   * has the same name once, so that it may be sent again. `false`: it sends no such header.
   */
  readonly idempotency?: false | { readonly header?: string; readonly honoured?: boolean };
}

const WHERE = 'httpTarget()';
/** With the pauses between them about a minute: more is for the change's own `retry`, or for the next start. */
const MOST_RETRIES = 10;
const KNOWN: readonly (keyof HttpTargetOptions)[] = [
  'clients',
  'baseUrl',
  'auth',
  'headers',
  'rejectedStatuses',
  'hosts',
  'identity',
  'timeoutMs',
  'retries',
  'idempotency',
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
    ...hostProblems(options.hosts),
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
  if (
    timeoutMs !== undefined &&
    !(Number.isSafeInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS)
  ) {
    problems.push(
      invalid(
        'timeoutMs',
        `must be a positive whole number of milliseconds up to ${LONGEST_TIMER_MS}`,
        'Leave it out for the default.',
      ),
    );
  }
  problems.push(...repeatProblems(options));
  if (baseUrl !== undefined) return problems;
  const useless = (['auth', 'headers', 'timeoutMs', 'retries', 'idempotency'] as const).filter(
    (name) => options[name] !== undefined,
  );
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

function repeatProblems({ retries, idempotency }: HttpTargetOptions): FlamingockError[] {
  const problems: FlamingockError[] = [];
  if (retries !== undefined && !(Number.isSafeInteger(retries) && retries >= 0 && retries <= MOST_RETRIES)) {
    problems.push(
      invalid(
        'retries',
        `must be a whole number from 0 to ${MOST_RETRIES}`,
        'Leave it out for the default; for longer, give the change a retry.',
      ),
    );
  }
  if (idempotency !== undefined && idempotency !== false && !isIdempotency(idempotency)) {
    problems.push(
      invalid(
        'idempotency',
        'must be false, or an object of header and honoured',
        "Pass idempotency: { honoured: true } where the system executes what has the same key once; header: '…' for a header of another name.",
      ),
    );
  }
  return problems;
}

function isIdempotency(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { header = '', honoured = false, ...others } = value as Readonly<Record<string, unknown>>;
  const isName = typeof header === 'string' && (!('header' in value) || /^[\w!#$%&'*+.^`|~-]+$/.test(header));
  return isName && typeof honoured === 'boolean' && Object.keys(others).length === 0;
}

function hostProblems(hosts: unknown): FlamingockError[] {
  const isHost = (host: unknown): boolean =>
    typeof host === 'string' &&
    /^(\[[\da-f:.]+\]|[^\s/@:?#]+)$/i.test(host) &&
    URL.canParse(`http://${host}`);
  if (hosts === undefined || (Array.isArray(hosts) && hosts.every(isHost))) return [];
  return [
    invalid(
      'hosts',
      'must be a list of the names of hosts, without scheme and port',
      "Pass hosts: ['contracts.internal'].",
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

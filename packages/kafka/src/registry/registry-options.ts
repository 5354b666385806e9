import { FlamingockError, throwProblems, unknownKeys } from '@flamingock/core/spi';

/** Which certificates are trusted, and which one is shown, as `node:tls` has them. */
export interface RegistryTls {
  /** Authorities to trust in place of the usual ones, as PEM. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** The client's own certificate and its key, as PEM. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  /** The name that the server's certificate must be for. Default: the host of the URL. */
  readonly servername?: string;
}

/** What `schemaRegistryTarget` takes. */
export interface SchemaRegistryTargetOptions {
  /** Of Confluent's REST API: `https://registry.internal:8081`. User and password in it become basic authentication. */
  readonly url: string | URL;
  /** The value of the `authorization` header, or a function that is asked for it before each request, so that it may rotate. */
  readonly auth?: string | (() => string | Promise<string>);
  /** Needs the package `undici`. */
  readonly tls?: RegistryTls;
  /** How long one request may take, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
  /** Which registry exactly, free of secrets; recorded. Default: the URL without its user information. */
  readonly identity?: string;
}

const WHERE = 'schemaRegistryTarget()';
const KNOWN: readonly (keyof SchemaRegistryTargetOptions)[] = ['url', 'auth', 'tls', 'timeoutMs', 'identity'];
const KNOWN_TLS: readonly (keyof RegistryTls)[] = ['ca', 'cert', 'key', 'passphrase', 'servername'];
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together. */
export function validateRegistryOptions(options: SchemaRegistryTargetOptions): void {
  const { url, auth, tls, timeoutMs, identity } = options;
  throwProblems([
    ...unknownKeys(options, KNOWN, WHERE),
    ...wrong(
      !isAddress(String(url)),
      'url',
      'is no http or https address without query and fragment',
      'Pass one such as https://registry.internal:8081.',
    ),
    ...wrong(
      auth !== undefined && typeof auth !== 'function' && (typeof auth !== 'string' || auth === ''),
      'auth',
      'must be a text or a function',
      'Pass the value of the authorization header, or a function that gives it: auth: () => `Bearer ${token}`.',
    ),
    ...wrong(!isObject(tls ?? {}), 'tls', 'must be an object', 'Pass tls: { ca } with the authority as PEM.'),
    ...(isObject(tls) ? unknownKeys(tls, KNOWN_TLS, `${WHERE}: tls`) : []),
    ...wrong(
      timeoutMs !== undefined &&
        !(Number.isSafeInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS),
      'timeoutMs',
      'must be a positive whole number of milliseconds',
      'Leave it out for the default.',
    ),
    ...wrong(
      identity !== undefined &&
        (typeof identity !== 'string' || identity.trim() === '' || /\/\/[^\s/]*@/.test(identity)),
      'identity',
      'must be a text without credentials',
      'It is recorded in the ledger: say which registry it is, or leave it out.',
    ),
  ]);
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

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function wrong(is: boolean, option: string, what: string, hint: string): FlamingockError[] {
  if (!is) return [];
  // What was passed is not repeated, because it may be a secret.
  return [new FlamingockError({ code: 'FLG_OPTION_INVALID', message: `${WHERE}: ${option} ${what}.`, hint })];
}

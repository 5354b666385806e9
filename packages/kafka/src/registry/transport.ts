import { RegistryError } from './registry-error.js';

/** The part of `fetch` that is needed: that of Node.js, and that of undici where TLS has settings. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; readonly ok: boolean; text(): Promise<string> }>;

/** How a registry is reached. */
export interface TransportOptions {
  /** What every path is appended to; without user information, query and slash at its end. */
  readonly base: string;
  /** The value of the `authorization` header, asked for each request. */
  readonly auth: () => string | undefined | Promise<string | undefined>;
  /** For a whole request, with its credentials, in milliseconds. */
  readonly timeoutMs: number;
  readonly fetch: () => Promise<Fetch>;
}

/** One request. */
export interface RegistryRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Ends it earlier. */
  readonly signal?: AbortSignal | undefined;
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const MAX_EXPLANATION = 400;

/** Sends requests to one registry, and says of each failure what the registry says. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** The value of a successful answer. Throws a `RegistryError`, or the reason of the signal. */
  async send({ method, path, body, signal }: RegistryRequest): Promise<unknown> {
    const asked = `${method} ${path.replace(/\?.*$/, '')}`;
    const { base, timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const ended = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const authorization = await this.#authorization(asked, ended, signal);
    try {
      const send = await this.#options.fetch();
      const response = await send(`${base}${path}`, {
        method,
        headers: {
          accept: `${MEDIA_TYPE}, application/json`,
          // On a connection that was kept, and that the other side has closed meanwhile, nobody can tell what was sent.
          connection: 'close',
          ...(body === undefined ? {} : { 'content-type': MEDIA_TYPE }),
          ...(authorization === undefined ? {} : { authorization }),
        },
        // One that repeats a write would take away the proof of what happened, and credentials could go elsewhere.
        redirect: 'manual',
        signal: ended,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw refusal(asked, response.status, withoutSecret(text, authorization));
      return parse(asked, response.status, text);
    } catch (error) {
      if (error instanceof RegistryError || signal?.aborted === true) throw error;
      // Errors of the connection are not kept as the cause: they carry pieces of what was sent and received.
      const code = timeout.aborted ? 'ETIMEDOUT' : codeOf(error);
      const reason = timeout.aborted ? `was not answered within ${timeoutMs} ms` : `got no answer (${code})`;
      throw new RegistryError({ code, message: `${asked} ${reason}` });
    }
  }

  async #authorization(
    asked: string,
    ended: AbortSignal,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    try {
      const value = await orEnded(this.#options.auth, ended);
      // The message of what would be thrown later has the value in it.
      if (value !== undefined) new Headers({ authorization: value });
      return value;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const code = ended.aborted ? 'ETIMEDOUT' : codeOf(error);
      throw new RegistryError({
        code: 'REGISTRY_AUTH',
        message: `${asked} was not sent: its credentials could not be had (${code})`,
      });
    }
  }
}

/** What the promise comes to, or the reason of the signal: whoever gives credentials out may never answer. */
async function orEnded<T>(ask: () => T | Promise<T>, ended: AbortSignal): Promise<T> {
  ended.throwIfAborted();
  let onAbort = (): void => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(ended.reason as Error);
    };
    ended.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([ask(), over]);
  } finally {
    ended.removeEventListener('abort', onAbort);
  }
}

/** The registry's own explanation is what a person needs. */
function refusal(asked: string, status: number, text: string): RegistryError {
  const { error_code: errorCode, message } = said(text);
  const code =
    typeof errorCode === 'number' && errorCode !== status ? `REGISTRY_${errorCode}` : `HTTP_${status}`;
  const explanation = typeof message === 'string' ? `: ${oneLine(message)}` : '';
  return new RegistryError({ code, status, message: `${asked} was answered with ${status}${explanation}` });
}

function said(text: string): { readonly error_code?: unknown; readonly message?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function parse(asked: string, status: number, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = `${asked} was answered with a success whose body is not JSON: is this the address of a registry?`;
    throw new RegistryError({ code: 'REGISTRY_BODY', status, message });
  }
}

/** A text of somebody else, for a message of one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_EXPLANATION);
}

/** Credentials that rotate are not known to whoever cleans messages later. */
function withoutSecret(text: string, authorization: string | undefined): string {
  if (authorization === undefined) return text;
  const secret = authorization.replace(/^\S+ +/, '');
  return secret === '' ? text : text.replaceAll(secret, '***');
}

/** The code of the error behind `fetch failed`. */
function codeOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'REGISTRY_FAILED';
}

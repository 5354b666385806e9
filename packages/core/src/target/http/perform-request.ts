import { isDeepStrictEqual } from 'node:util';
import type { ClientUse } from '../target.js';
import { setTimeout as pause } from 'node:timers/promises';
import { isSafe } from './attempt-traffic.js';
import { credentials, type HttpAuthSource } from './credentials.js';
import type { HttpRequest, HttpResponse } from './http-client.js';
import { HttpError, isHttpError } from './http-error.js';
import type { IdempotencyKeys } from './idempotency-key.js';
import { type ObservedEvidence, observedEvidence } from './observe.js';
import { repeatDelay } from './repeat.js';
import { type Answer, type Exchange, exchangeOf, type ReadyRequest, sendRequest } from './send-request.js';

/** Whom requests go to, and how. */
export interface RequestSettings {
  /** What every path is appended to; without user information, query and fragment. */
  readonly baseUrl: string;
  readonly auth?: HttpAuthSource;
  readonly headers: Readonly<Record<string, string>>;
  /** For one sending, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a request may be sent again. */
  readonly retries: number;
  readonly idempotency: { readonly header: string; readonly honoured: boolean } | undefined;
  /** Tells whether an answer with this status is declared to be without effect. */
  rejects(status: number): boolean;
}

/** The call of a change that requests belong to. */
export interface RequestsOfCall {
  readonly use: ClientUse;
  readonly keys: IdempotencyKeys;
  /** Fires when the call is over or was told to stop: nothing more is sent, neither a first time nor again. */
  readonly stop: AbortSignal;
}

/** Codes of failures that come before a sending. */
const UNSENT: readonly string[] = ['HTTP_PATH', 'HTTP_STEP', 'HTTP_HEADER', 'HTTP_AUTH', 'HTTP_OVER'];

type Sending = { readonly answer: Answer } | { readonly error: unknown; readonly notSent: boolean };

/** Performs requests of one target: headers, credentials, sending, and repeats where these are provably harmless. */
export class RequestPerformer {
  readonly #settings: RequestSettings;
  /** The evidence of the target. */
  readonly #evidence: Omit<ObservedEvidence, 'observe'>;
  /** What was seen of a single sending. */
  readonly #sendings: ObservedEvidence;

  constructor(settings: RequestSettings, evidence: Omit<ObservedEvidence, 'observe'>) {
    this.#settings = settings;
    this.#evidence = evidence;
    this.#sendings = observedEvidence({
      rejects: () => false,
      hosts: [new URL(settings.baseUrl).hostname],
    });
  }

  async perform(request: HttpRequest, call: RequestsOfCall | undefined): Promise<HttpResponse> {
    const exchange = exchangeOf(request);
    try {
      return await this.#perform(request, exchange, call);
    } catch (error) {
      if (call !== undefined && isHttpError(error) && UNSENT.includes(error.code))
        this.#evidence.unsent(call.use);
      throw error;
    }
  }

  async #perform(
    request: HttpRequest,
    exchange: Exchange,
    call: RequestsOfCall | undefined,
  ): Promise<HttpResponse> {
    if (!request.path.startsWith('/'))
      throw unsent(exchange, 'HTTP_PATH', "was not sent: the path must begin with '/'");
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const named = this.#settings.idempotency !== undefined;
    const key = named ? call?.keys.next(request, body) : undefined;
    try {
      return await this.#deliver(request, exchange, call, body, key);
    } catch (error) {
      if (key !== undefined) call?.keys.failed(key);
      throw error;
    }
  }

  /** Sends it, and again where it may be. */
  async #deliver(
    request: HttpRequest,
    exchange: Exchange,
    call: RequestsOfCall | undefined,
    body: string | undefined,
    key: string | undefined,
  ): Promise<HttpResponse> {
    const { method, path } = request;
    const { baseUrl, idempotency, timeoutMs, retries } = this.#settings;
    const keyed = key !== undefined && idempotency?.honoured === true;
    const safe = isSafe(method);
    let given = await this.#credentials(false, exchange);
    let renewed = false;
    for (let sent = 1; ; sent += 1) {
      const headers = this.#headers(request, body, given, key, exchange);
      // Whoever has the lock now may be at work: a call that must stop does not come after it.
      if (call?.stop.aborted === true) throw tooLate(exchange, sent > 1);
      const ready = { url: `${baseUrl}${path}`, method, headers, body, signal: request.signal, timeoutMs };
      const sending = await this.#send(ready, exchange, call);
      const answer = 'answer' in sending ? sending.answer : undefined;
      if (answer?.ok === true) return responseOf(answer, exchange);
      const error = 'error' in sending ? sending.error : refusal(sending.answer.status, exchange);
      const rejected = answer !== undefined && this.#settings.rejects(answer.status);
      if (answer?.status === 401 && !renewed && (rejected || safe)) {
        renewed = true;
        const other = await this.#credentials(true, exchange);
        if (isDeepStrictEqual(other, given)) throw error;
        given = other;
        continue;
      }
      const failed = {
        safe,
        keyed,
        status: answer?.status,
        retryAfter: answer?.headers.get('retry-after') ?? null,
        notSent: 'error' in sending && sending.notSent,
        rejected,
      };
      const ms = sent > retries ? undefined : repeatDelay(failed, sent, Date.now());
      if (ms === undefined || request.signal?.aborted === true) throw error;
      await this.#wait(ms, request.signal, call, error);
    }
  }

  async #send(ready: ReadyRequest, exchange: Exchange, call: RequestsOfCall | undefined): Promise<Sending> {
    let answer: Answer | undefined;
    const send = (): Promise<void> =>
      sendRequest(ready, exchange).then((received) => {
        answer = received;
      });
    const within = (): Promise<void> => (call === undefined ? send() : this.#evidence.within(call.use, send));
    const observed = await this.#sendings.observe(within);
    if (answer !== undefined) return { answer };
    if (observed.outcome === 'returned') throw new TypeError('a request was neither answered nor failed');
    return { error: observed.error, notSent: observed.evidence.proof === 'not-sent' };
  }

  #credentials(refused: boolean, exchange: Exchange): Promise<Readonly<Record<string, string>>> {
    const { auth, timeoutMs } = this.#settings;
    return this.#evidence.beside(() => credentials(auth, { refused, timeoutMs }, exchange));
  }

  #headers(
    request: HttpRequest,
    body: string | undefined,
    given: Readonly<Record<string, string>>,
    key: string | undefined,
    exchange: Exchange,
  ): Headers {
    const { headers: always, idempotency } = this.#settings;
    const headers = new Headers({ accept: 'application/json' });
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (key !== undefined && idempotency !== undefined) headers.set(idempotency.header, key);
    try {
      for (const some of [always, given, request.headers ?? {}])
        for (const [name, value] of Object.entries(some)) headers.set(name, value);
    } catch {
      // The message of the original has the value in it.
      throw unsent(
        exchange,
        'HTTP_HEADER',
        'was not sent: a header has a name or value that HTTP does not allow',
      );
    }
    return headers;
  }

  /** Ends early: with the reason of the caller's signal, or with the failure where the call is over or was told to stop. */
  async #wait(
    ms: number,
    signal: AbortSignal | undefined,
    call: RequestsOfCall | undefined,
    failure: unknown,
  ): Promise<void> {
    const signals = [signal, call?.stop].filter((one) => one !== undefined);
    try {
      await pause(ms, undefined, { signal: AbortSignal.any(signals) });
    } catch {
      throw signal?.aborted === true ? signal.reason : failure;
    }
  }
}

/** What is thrown in place of sending a request of a call that is over or was told to stop. */
export function tooLate(exchange: Exchange, again = false): HttpError {
  const what = again ? 'was not sent again' : 'was not sent';
  const why = 'the call of the change that it belongs to is over, or was told to stop';
  return unsent(exchange, 'HTTP_OVER', `${what}: ${why}`);
}

function unsent(exchange: Exchange, code: string, reason: string): HttpError {
  return new HttpError({ ...exchange, code, reason });
}

function refusal(status: number, exchange: Exchange): HttpError {
  return new HttpError({
    ...exchange,
    code: `HTTP_${status}`,
    status,
    reason: `was answered with ${status}`,
  });
}

function responseOf({ status, headers, text }: Answer, exchange: Exchange): HttpResponse {
  const isJson = /[/+]json\b/i.test(headers.get('content-type') ?? '');
  if (text === '') return { status, headers, body: undefined };
  if (!isJson) return { status, headers, body: text };
  try {
    return { status, headers, body: JSON.parse(text) as unknown };
  } catch {
    throw unsent(exchange, 'HTTP_BODY', 'was answered with a success whose body is not JSON');
  }
}

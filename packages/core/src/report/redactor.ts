import type { RecordedError } from '../ledger/entry.js';
import { isObject } from '../is-object.js';
import { readableError } from './readable-error.js';

const MAX_MESSAGE_LENGTH = 500;

/** Takes secrets out of whatever leaves the process: ledger, logs, messages. */
export class Redactor {
  readonly #secrets: readonly string[];

  /** @param secrets registered values; empty ones are ignored */
  constructor(secrets: readonly string[]) {
    const all = secrets
      .filter((secret) => secret !== '')
      .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
    // Longest first, so that a secret that contains another one goes as a whole.
    this.#secrets = [...new Set(all)].sort((a, b) => b.length - a.length);
  }

  /** Tells whether a text holds a registered secret. */
  finds(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret));
  }

  /** Replaces registered secrets, the user information of URLs and their query strings. */
  redact(text: string): string {
    // The limits keep the time in proportion to the length: this runs on whatever a change throws, in its lease.
    return this.#withoutSecrets(text)
      .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#]+@/gi, '$1***@')
      .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s?#]{1,2000})\?[^\s'"]*/gi, '$1?***');
  }

  /**
   * What the ledger and the terminal may know of an error: its name, its code and the first line of its message
   * and of what caused it. Details, statements and parameters stay behind.
   */
  record(error: unknown): RecordedError {
    const chain = causes(readableError(error));
    const code = chain.map(codeOf).find((found) => found !== undefined);
    // Registered secrets go first: one of several lines is known only as a whole.
    const lines = chain.map((link) => firstLine(this.#withoutSecrets(textOf(link))));
    const [first = '', ...rest] = new Set(lines.filter((line) => line !== ''));
    const message = [rest.length === 0 ? first : first.replace(/\.$/, ''), ...rest].join(': ');
    return {
      name: this.redact(nameOf(chain[0])),
      ...(code === undefined ? {} : { code: this.redact(code) }),
      message: this.redact(message).slice(0, MAX_MESSAGE_LENGTH),
    };
  }

  #withoutSecrets(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '***');
    return clean;
  }
}

/** The error and what caused it, at most three deep; of an `AggregateError` the first. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [error];
  let current: unknown = error;
  while (isObject(current) && chain.length < 3) {
    const { cause, errors } = current as { cause?: unknown; errors?: unknown };
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
    if (current === undefined || chain.includes(current)) break;
    chain.push(current);
  }
  return chain;
}

function nameOf(error: unknown): string {
  if (!isObject(error)) return 'Error';
  const { name, constructor } = error as { name?: unknown; constructor?: { name?: string } };
  return typeof name === 'string' && name !== 'Error' ? name : (constructor?.name ?? 'Error');
}

function codeOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

function textOf(error: unknown): string {
  const text = isObject(error) && 'message' in error ? error.message : error;
  return typeof text === 'string' ? text : String(text);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}

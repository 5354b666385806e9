import type { RecordedError } from '../ledger/entry.js';
import { isObject } from '../is-object.js';

const MAX_MESSAGE_LENGTH = 500;

/** Takes secrets out of whatever leaves the process: ledger, logs, messages. */
export class Redactor {
  readonly #secrets: readonly string[];

  /** @param secrets registered values; empty ones are ignored */
  constructor(secrets: readonly string[]) {
    const all = secrets
      .filter((secret) => secret !== '')
      .flatMap((secret) => [secret, encodeURIComponent(secret)]);
    // Longest first, so that a secret that contains another one goes as a whole.
    this.#secrets = [...new Set(all)].sort((a, b) => b.length - a.length);
  }

  /** Replaces registered secrets, the user information of URLs and their query strings. */
  redact(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '***');
    return clean
      .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
      .replace(/(https?:\/\/[^\s?#]+)\?[^\s'"]*/gi, '$1?***');
  }

  /**
   * What the ledger and the terminal may know of an error: its name, its code and the first line of its message
   * and of what caused it. Details, statements and parameters stay behind.
   */
  record(error: unknown): RecordedError {
    const chain = causes(error);
    const code = chain.map(codeOf).find((found) => found !== undefined);
    const message = [...new Set(chain.map(messageOf).filter((text) => text !== ''))].join(': ');
    return {
      name: this.redact(nameOf(chain[0])),
      ...(code === undefined ? {} : { code: this.redact(code) }),
      message: this.redact(message).slice(0, MAX_MESSAGE_LENGTH),
    };
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

function messageOf(error: unknown): string {
  const text = isObject(error) && 'message' in error ? error.message : error;
  return (typeof text === 'string' ? text : String(text)).split('\n', 1)[0]?.trim() ?? '';
}

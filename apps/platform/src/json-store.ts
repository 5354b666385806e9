import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PlatformError, systemErrorCode } from './errors.js';

/**
 * One JSON value in one file.
 *
 * Everything is synchronous on purpose: a request that reads, decides and replaces within one turn of the event
 * loop needs no lock against other requests, and a signal finds it either not begun or done.
 */
export class JsonStore<Value> {
  readonly #file: string;
  readonly #seed: Value;
  #value: Value;

  /** Reads the file, or starts with the seed where there is none. Throws `PLATFORM_STATE_UNREADABLE`. */
  constructor(file: string, seed: Value) {
    this.#file = file;
    this.#seed = seed;
    this.#value = (readJson(file) as Value | undefined) ?? seed;
  }

  get value(): Value {
    return this.#value;
  }

  /** Durable when it returns. A crash leaves the old value or the new one, whole. */
  replace(value: Value): void {
    const temporary = `${this.#file}.new`;
    writeFileSync(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { flush: true });
    renameSync(temporary, this.#file);
    syncDirectory(dirname(this.#file));
    this.#value = value;
  }

  reset(): void {
    this.replace(this.#seed);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new PlatformError(
      'PLATFORM_STATE_UNREADABLE',
      `The state in ${file} cannot be read: ${(error as Error).message}`,
      'Remove the file to start again from the seed.',
    );
  }
}

/** A rename is durable only with the directory that holds the name. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

import { FlamingockError } from '../errors.js';
import type { ErrorCode } from '../errors.js';
import { unknownKeys } from '../known-keys.js';

/** Collects everything that is wrong with one declared change; each message begins with where the change stands. */
export class ChangeProblems {
  readonly #source: string;
  readonly #found: FlamingockError[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  get found(): readonly FlamingockError[] {
    return this.#found;
  }

  add(code: ErrorCode, message: string, hint: string): void {
    this.#found.push(new FlamingockError({ code, message: `${this.#source}: ${message}`, hint }));
  }

  addUnknownKeys(value: object, known: readonly string[], what: string): void {
    this.#found.push(...unknownKeys(value, known, `${this.#source}: ${what}`));
  }
}

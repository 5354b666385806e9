import { isObject } from '../is-object.js';
import { messageOf } from './not-applied.js';

const BRAND = Symbol.for('flamingock.transient');

/**
 * Thrown by a change that failed for the moment only: where its recovery allows several attempts in a run, it is tried
 * again after a while. Says nothing of whether the change has had an effect.
 *
 * @example
 * if (error.code === 'ECONNRESET') throw new Transient(error);
 */
export class Transient extends Error {
  override readonly name = 'Transient';

  /** @param cause why: an error, or a text */
  constructor(cause?: unknown) {
    super(cause === undefined ? 'The change failed for the moment.' : messageOf(cause), { cause });
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Tells whether a change said that it failed for the moment, whichever copy of this package it imported. */
export function isTransient(value: unknown): value is Transient {
  return isObject(value) && BRAND in value;
}

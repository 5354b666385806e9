import { types } from 'node:util';
import { isObject } from '../is-object.js';

const BRAND = Symbol.for('flamingock.not-applied');

/**
 * Thrown by a change that knows that it had no effect on its target system: the failure is then proven, and the
 * next run applies the change again.
 *
 * @example
 * if (response.status === 409) throw new NotApplied('the gateway is locked by another deployment');
 */
export class NotApplied extends Error {
  override readonly name = 'NotApplied';

  /** @param cause why: an error, or a text */
  constructor(cause?: unknown) {
    super(cause === undefined ? 'The change had no effect.' : messageOf(cause), { cause });
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Tells whether a change said that it had no effect, whichever copy of this package it imported. */
export function isNotApplied(value: unknown): value is NotApplied {
  return isObject(value) && BRAND in value;
}

/** The text of what a change gave as a cause. */
export function messageOf(cause: unknown): string {
  return types.isNativeError(cause) ? cause.message : String(cause);
}

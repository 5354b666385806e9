import type { Logger } from '../logger.js';

const BRAND = Symbol.for('flamingock.change-context');

/**
 * What a change is told about the run that it is part of. An abstract class and not an interface, so that it
 * can be the type of a decorated parameter.
 */
export abstract class ChangeContext {
  static {
    Object.defineProperty(this, BRAND, { value: true });
  }

  abstract readonly changeId: string;
  abstract readonly service: string;
  abstract readonly environment: string;
  abstract readonly tenant: string;
  /** The run, as it stands in the ledger. */
  abstract readonly executionId: string;
  /** 1 for the first attempt of this change. */
  abstract readonly attempt: number;
  /** Fires when the lock is lost: the change must stop, because another instance may be about to repeat it. */
  abstract readonly signal: AbortSignal;
  /** Writes under the change's name. */
  abstract readonly log: Logger;
}

/** Tells whether a parameter asks for the context, whichever copy of this package its type came from. */
export function isChangeContext(token: unknown): boolean {
  return typeof token === 'function' && BRAND in token;
}

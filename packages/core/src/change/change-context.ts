import type { Logger } from '../logger.js';

const BRAND = Symbol.for('flamingock.change-context');

/** What can be kept as JSON. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/** How far a change says that it has come. */
export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly note?: string;
}

/** How far a change with `resumable: true` has come, kept in the audit store. */
export interface Checkpoint {
  /**
   * What an earlier attempt has saved last; `undefined` where there is nothing to go on from, also after an undo.
   *
   * Throws `FLG_CHECKPOINT_INVALID` in a change that is not resumable.
   */
  load<T extends JsonValue = JsonValue>(): Promise<T | undefined>;

  /**
   * Saves a small JSON value, durable when it resolves. Save only what is durable at the target system: after a crash the
   * next attempt goes on from here and repeats nothing before it. It is kept as it is: put no secret into it.
   *
   * Throws `FLG_CHECKPOINT_INVALID` for what is no JSON or longer than 16 384 bytes, in a change that is not resumable
   * and after its attempt is over; `FLG_LOCK_LOST` where a later run has taken the change over; `FLG_STORE_WRITE` where
   * the audit store does not take it.
   */
  save(value: JsonValue): Promise<void>;
}

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
  /**
   * Fires when the change must stop: the lock is lost (`FLG_LOCK_LOST`; another instance may be about to repeat it), its
   * deadline or that of the run is over (`FLG_DEADLINE`), or the application shuts down (`FLG_CLOSED`). Its reason is
   * that error. A change that goes on regardless is given up after the option `abortGraceMs`.
   */
  abstract readonly signal: AbortSignal;
  /** Writes under the change's name. */
  abstract readonly log: Logger;
  /** Only with `resumable: true`. */
  abstract readonly checkpoint: Checkpoint;

  /**
   * Says how far the change has come, as often as it likes: it is passed on several times a second at most. Never throws;
   * what is no number is ignored. Registered secrets are taken out of the note.
   *
   * @param done how much of it is done, in whatever is counted
   * @param total how much there is in all
   * @param note what is being done, at most 200 characters
   */
  abstract readonly progress: (done: number, total?: number, note?: string) => void;
}

/** Tells whether a parameter asks for the context, whichever copy of this package its type came from. */
export function isChangeContext(token: unknown): boolean {
  return typeof token === 'function' && BRAND in token;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { FlamingockError } from '@flamingock/core/spi';
import type { ClientSession } from 'mongodb';
import { CHANGE_TRANSACTION } from '../collections.js';
import { hasFailed } from '../errors.js';

/** How long the server is waited for to roll back, in milliseconds: on a connection that is silently dead it never answers. */
const ROLLBACK_MS = 5_000;

/**
 * Watches what a change does in its transaction: whether an operation failed and the change went on, and whether it ended
 * the transaction by itself. The engine's own way to end it goes past the watch.
 */
export class SessionWatch {
  readonly session: ClientSession;
  /** For the engine: commits. */
  readonly commit: () => Promise<void>;
  readonly #endSession: () => Promise<void>;
  readonly #open = new Set<Promise<unknown>>();
  #ended = false;
  #closed = false;
  #failure: unknown;

  /** Begins the transaction. */
  constructor(session: ClientSession) {
    this.session = session;
    this.commit = session.commitTransaction.bind(session);
    this.#endSession = session.endSession.bind(session);
    session.startTransaction(CHANGE_TRANSACTION);
    for (const name of ['commitTransaction', 'abortTransaction', 'startTransaction', 'endSession'] as const) {
      const original = session[name].bind(session) as (...args: unknown[]) => unknown;
      Object.assign(session, {
        [name]: (...args: unknown[]): unknown => {
          this.#ended = true;
          return original(...args);
        },
      });
    }
  }

  /** The change has ended the transaction, or tried to begin another one. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The error of an operation that failed: the server has ended the transaction with it, or nobody knows what it has done. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Runs one operation of the change. Throws `FLG_TRANSACTION_BROKEN` where the transaction is not there any more. */
  run<T>(operation: () => T): T {
    if (this.#closed || this.#ended) throw transactionOver();
    const result = operation();
    if (result instanceof Promise) this.#follow(result);
    return result;
  }

  /**
   * The change is over: what it has left unawaited is still part of it. Refuses every further operation after that.
   *
   * @param patienceMs how long that is waited for
   * @returns `false` where something is still under way
   */
  async finish(patienceMs: number): Promise<boolean> {
    await within(patienceMs, this.#idle());
    this.close();
    return this.#open.size === 0;
  }

  /**
   * For the engine: ends the session, and rolls back a transaction that is still open. One whose end is not confirmed in time
   * is never committed: the server ends it after `transactionLifetimeLimitSeconds`.
   */
  end(): Promise<void> {
    return within(ROLLBACK_MS, this.#endSession());
  }

  /** Refuses every further operation. */
  close(): void {
    this.#closed = true;
  }

  async #idle(): Promise<void> {
    while (this.#open.size > 0) {
      await Promise.allSettled(this.#open);
      // Who waited for one of them may go on with the next one.
      await nextTurn();
    }
  }

  #follow(operation: Promise<unknown>): void {
    this.#open.add(operation);
    operation.then(
      () => this.#open.delete(operation),
      (error: unknown) => {
        this.#open.delete(operation);
        // An argument that the driver itself refuses does no harm.
        if (hasFailed(error)) this.#failure ??= error;
      },
    );
  }
}

/** Waits for no longer than that. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

function transactionOver(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The transaction of the change is over.',
    hint: 'Use the clients of a change only while it runs, wait for every operation, and leave the transaction to the engine.',
  });
}

import { FlamingockError } from '../../errors.js';
import type { TargetTransactions, TransactionOutcome, TransactionRequest } from '../../target/target.js';
import type { Time } from '../../time.js';

/** How long a target may take for the parts of a transaction that are its own. All times in milliseconds. */
export interface TransactionLimits {
  readonly time: Time;
  /** Fires when the change must stop. */
  readonly signal: AbortSignal;
  readonly endMs: number;
  /** Instead of `endMs`, once the signal has fired. */
  readonly stoppedMs: number;
}

/**
 * One transaction of a target that may never come back, because its connection is dead or its pool is empty. Its
 * beginning and its end have a limit; what lies between them, the change, has its own.
 *
 * A transaction that is given up can do nothing any more: where it begins late, the change is refused to it, and so is
 * the entry that would be its last statement.
 */
export class OneTransaction {
  readonly #transactions: TargetTransactions;
  readonly #limits: TransactionLimits;
  /** The same one whenever it is begun again: a target may know by its `work` who has been kept waiting. */
  readonly #request: TransactionRequest;
  #phase: 'beginning' | 'working' | 'ending' = 'beginning';
  #givenUp: Error | undefined;
  #failure: { readonly error: unknown } | undefined;
  #cancel = (): void => undefined;
  #end = (_outcome: TransactionOutcome): void => undefined;

  constructor(transactions: TargetTransactions, request: TransactionRequest, limits: TransactionLimits) {
    this.#transactions = transactions;
    this.#limits = limits;
    this.#request = this.#guarded(request);
  }

  /**
   * As `run` of the target. `rolled-back` also where it did not begin in time, `unknown` where it did not end in time.
   * May be called again after a target that was busy has thrown.
   *
   * @param beginMs how long it may take to begin
   */
  run(beginMs: number): Promise<TransactionOutcome> {
    const { signal, stoppedMs } = this.#limits;
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      const onStop = (): void => {
        if (this.#phase === 'beginning') this.#giveUp(signal.reason as Error);
        if (this.#phase === 'ending') this.#limit(stoppedMs);
      };
      signal.addEventListener('abort', onStop, { once: true });
      this.#limit(Math.max(1, beginMs));
      this.#transactions
        .run(this.#request)
        .then(resolve, reject)
        .finally(() => {
          this.#cancel();
          signal.removeEventListener('abort', onStop);
        });
      if (signal.aborted) onStop();
    });
  }

  #limit(ms: number): void {
    this.#cancel();
    this.#cancel = this.#limits.time.after(ms, () => {
      this.#giveUp(notInTime(this.#phase === 'beginning' ? 'begin' : 'end', ms));
    });
  }

  #giveUp(error: Error): void {
    this.#givenUp = error;
    this.#end(
      this.#phase === 'beginning'
        ? { status: 'rolled-back', error }
        : { status: 'unknown', error: this.#failure === undefined ? error : this.#failure.error },
    );
  }

  #guarded(request: TransactionRequest): TransactionRequest {
    return {
      ...request,
      work: async (clients) => {
        if (this.#givenUp !== undefined) throw this.#givenUp;
        this.#phase = 'working';
        this.#cancel();
        try {
          await request.work(clients);
        } catch (error) {
          this.#failure = { error };
          throw error;
        } finally {
          this.#phase = 'ending';
          this.#limit(this.#limits.signal.aborted ? this.#limits.stoppedMs : this.#limits.endMs);
        }
      },
      ...(request.beforeCommit === undefined
        ? {}
        : {
            beforeCommit: async (connection) => {
              if (this.#givenUp !== undefined) throw this.#givenUp;
              await request.beforeCommit?.(connection);
            },
          }),
    };
  }
}

function notInTime(what: 'begin' | 'end', ms: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_UNREACHABLE',
    message: `The transaction of the change did not ${what} within ${ms} ms.`,
    hint: 'Check that the target system answers, and that its pool has a connection to spare.',
  });
}

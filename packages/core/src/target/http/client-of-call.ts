import { CallTasks } from '../call-tasks.js';
import type { ClientUse, ObservedAttempt, TargetEvidence } from '../target.js';
import { HttpClient } from './http-client.js';
import { IdempotencyKeys } from './idempotency-key.js';
import { type RequestPerformer, tooLate } from './perform-request.js';
import { exchangeOf } from './send-request.js';

/** The client of one call of a change. */
export class ClientOfCall {
  readonly client: HttpClient;
  readonly #use: ClientUse;
  readonly #evidence: TargetEvidence;
  readonly #tasks = new CallTasks();

  constructor(use: ClientUse, performer: RequestPerformer, evidence: TargetEvidence) {
    this.#use = use;
    this.#evidence = evidence;
    const stop = AbortSignal.any([use.signal, this.#tasks.over]);
    const call = { use, keys: new IdempotencyKeys(use), stop };
    this.client = new HttpClient((request, wanted) =>
      this.#tasks.do(
        () => performer.perform(request, call),
        wanted,
        () => tooLate(exchangeOf(request)),
      ),
    );
  }

  /** Watches the call. What it has left under way when it failed takes the proof away. */
  async observe(attempt: () => Promise<void>): Promise<ObservedAttempt> {
    const observed = await this.#evidence.observe(() => this.#tasks.during(attempt), this.#use);
    if (observed.outcome === 'returned' || !this.#tasks.unfinished) return observed;
    return { ...observed, evidence: { proof: 'none', settled: false } };
  }
}

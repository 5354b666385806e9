import { type ChangeMethodName, displayName } from '../../change/change.js';
import { isNotApplied } from '../../change/not-applied.js';
import { invoke } from '../../dependencies/binding.js';
import type { FlamingockError } from '../../errors.js';
import { checkpointFloor } from '../../ledger/checkpoint-floor.js';
import type { BoundClients, ClientUse } from '../../target/target.js';
import { waitedSince } from '../../time.js';
import { type Attempt, blockedBy, referenceTo } from '../run-context.js';
import { CallContext } from './call-context.js';
import { ProgressReport } from './progress-report.js';
import { Pulse } from './pulse.js';
import { changeDeadline, closedMeanwhile, runDeadline, stopped } from './stop-reasons.js';

/**
 * One call of a method of a change, from its preparation to its end: it is told to stop when the lock is lost, a
 * deadline is over or the application shuts down, is given up when it does not, and is watched while it runs.
 */
export class ChangeCall {
  /** For the clients that the call is given. */
  readonly use: ClientUse;
  readonly #attempt: Attempt;
  readonly #method: ChangeMethodName;
  readonly #stop = new AbortController();
  readonly #report: ProgressReport;
  readonly #pulse: Pulse;
  readonly #undo: (() => void)[] = [];
  #began = false;
  #stillActing = false;

  private constructor(attempt: Attempt, method: ChangeMethodName) {
    this.#attempt = attempt;
    this.#method = method;
    const { run, bound, noticed } = attempt;
    const { engine, lease } = run;
    const change = referenceTo(bound.change);
    this.use = {
      key: engine.key,
      changeId: bound.change.id,
      method,
      of: attempt.action.kind,
      absentSince: Math.max(checkpointFloor(run.ledger, bound.change), run.tail.cleared(bound.change.id)),
      signal: this.signal,
    };
    this.#report = new ProgressReport(engine.time, engine.redactor, {
      progress: (progress) => {
        engine.emit({ type: 'change-progress', change, progress });
      },
      stillRunning: (runningMs, progress) => {
        engine.emit({ type: 'change-running', change, runningMs, progress });
      },
    });
    this.#pulse = new Pulse(engine.time, {
      beat: () => {
        this.#report.beat();
      },
      blocked: (ms) => {
        noticed.blockedMs = Math.max(noticed.blockedMs, Math.round(ms));
        lease.heldUp(blockedBy(ms, change));
        engine.emit({ type: 'event-loop-blocked', change, blockedMs: Math.round(ms) });
      },
    });
    this.#undo.push(
      // Nothing else may keep a process alive whose change waits for something that never comes.
      engine.time.keepAlive(),
      lease.watchedBy(() => {
        this.#pulse.look();
      }),
      this.#on(lease.signal, () => lease.signal.reason as FlamingockError),
      this.#on(engine.aborting, () => closedMeanwhile(bound.change)),
      ...this.#deadlines(),
    );
  }

  /** Prepares a call, lets `use` make it, and clears up. */
  static async of<T>(
    attempt: Attempt,
    method: ChangeMethodName,
    use: (call: ChangeCall) => Promise<T>,
  ): Promise<T> {
    const call = new ChangeCall(attempt, method);
    try {
      return await use(call);
    } finally {
      call.#end();
    }
  }

  /** Fires when the change must stop; its reason is a coded error. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The target's own clients, for this call. */
  get clients(): BoundClients {
    const { target } = this.#attempt.bound;
    return { client: (token) => target.client(token, this.use) };
  }

  /** Whether the method was called at all. */
  get began(): boolean {
    return this.#began;
  }

  /** It was told to stop, has not, and nobody waits for it any more: whatever is done now, it may still act. */
  get stillActing(): boolean {
    return this.#stillActing;
  }

  /**
   * Calls the method and returns what it returns. Throws what it throws; the coded reason, where it was told to stop
   * before; and does not wait for it any longer once the lock is lost, or the grace period is over.
   *
   * @param clients the bound clients of an open transaction; without them the target's plain clients
   * @param instance where the change was constructed before
   */
  async run(clients = this.clients, instance?: unknown): Promise<unknown> {
    const { run, bound } = this.#attempt;
    run.lease.assertHeld();
    this.signal.throwIfAborted();
    this.#began = true;
    const context = new CallContext(this.#attempt, this.signal, this.#report);
    const called = run.engine.inside.during(displayName(bound.change), () =>
      this.#pulse.during(() => invoke(bound, this.#method, context, clients, instance)),
    );
    return this.#untilGivenUp(called);
  }

  async #untilGivenUp(called: Promise<unknown>): Promise<unknown> {
    const { signal } = this.#attempt.run.lease;
    let cancel = (): void => undefined;
    let onStop = (): void => undefined;
    let onLost = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        onStop = () => {
          cancel = this.#tellToStop(reject);
        };
        // Whoever has the lock now may begin any moment: a transaction must not stay open for a change that tidies up.
        onLost = () => {
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onLost, { once: true });
        this.signal.addEventListener('abort', onStop, { once: true });
        // What the method has done before its first await may have been enough.
        if (signal.aborted) onLost();
        else if (this.signal.aborted) onStop();
        called
          .catch((error: unknown) => {
            throw this.#explained(error);
          })
          .then(resolve, reject);
      });
    } finally {
      cancel();
      this.signal.removeEventListener('abort', onStop);
      signal.removeEventListener('abort', onLost);
    }
  }

  /** Says that the change must stop, and gives it up after the grace period. Returns the way to take that back. */
  #tellToStop(giveUp: (error: FlamingockError) => void): () => void {
    const { run, bound } = this.#attempt;
    const { engine, lease } = run;
    const reason = this.signal.reason as FlamingockError;
    const graceMs = engine.limits.abortGraceMs;
    const told = { change: referenceTo(bound.change), code: reason.code, graceMs };
    if (lease.signal.aborted) return () => undefined;
    engine.emit({ type: 'change-aborting', ...told });
    return engine.time.after(graceMs, () => {
      this.#stillActing = true;
      // Cut off with its transaction it can do no harm; otherwise nobody should come before a lease's time is over.
      if (bound.strategy === 'NON_TX' && this.#method !== 'verify') lease.leaveToExpire();
      engine.emit({ type: 'change-ignored-abort', ...told });
      giveUp(stopped(reason, { ignoredMs: graceMs }));
    });
  }

  /** What a change that was told to stop throws is a consequence of that, unless it is its own word. */
  #explained(error: unknown): unknown {
    const { aborted, reason } = this.signal as { aborted: boolean; reason: FlamingockError };
    if (!aborted || error === reason || isNotApplied(error)) return error;
    return stopped(reason, { cause: error });
  }

  #deadlines(): readonly (() => void)[] {
    const { run, bound } = this.#attempt;
    const { time, limits } = run.engine;
    const { deadlineMs } = bound.change;
    const { runDeadlineMs } = limits;
    const after = (ms: number, reason: () => FlamingockError): (() => void) => {
      const stop = (): void => {
        this.#stop.abort(reason());
      };
      if (ms > 0) return time.after(ms, stop);
      stop();
      return () => undefined;
    };
    const cancel: (() => void)[] = [];
    if (deadlineMs !== undefined)
      cancel.push(after(deadlineMs, () => changeDeadline(bound.change, deadlineMs)));
    if (runDeadlineMs !== undefined) {
      const leftMs = runDeadlineMs - waitedSince(time, run.began);
      cancel.push(after(leftMs, () => runDeadline(runDeadlineMs, bound.change)));
    }
    return cancel;
  }

  #on(signal: AbortSignal, reason: () => FlamingockError): () => void {
    const onAbort = (): void => {
      this.#stop.abort(reason());
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    return () => {
      signal.removeEventListener('abort', onAbort);
    };
  }

  #end(): void {
    this.#pulse.end();
    this.#report.end();
    for (const undo of this.#undo) undo();
  }
}

import { FlamingockError, hasCode } from '../errors.js';
import type { AuditSession, LeaseGrant, LeaseRequest } from '../ledger/audit-store.js';
import type { LedgerKey } from '../ledger/entry.js';
import { orAbort } from './or-abort.js';
import { type ClockReading, elapsedSince, type Time } from '../time.js';
import { StoreClock } from './store-clock.js';

/** How a lease is kept. */
export interface LeaseTerms {
  readonly key: LedgerKey;
  readonly request: LeaseRequest;
  readonly renewMs: number;
  readonly time: Time;
}

/**
 * The lock while this instance holds it: renews it, knows when it can no longer be sure of it, and tells so
 * through `signal`.
 *
 * The own deadline counts from the moment a confirmed renewal was *sent*, less a margin, so it always lies
 * before the expiry that the store will judge by. It counts on the monotonic and on the wall clock and the one
 * that passes first decides, because a suspended machine stops the one and a set clock moves the other.
 */
export class Lease {
  readonly clock: StoreClock;
  readonly #session: AuditSession;
  readonly #terms: LeaseTerms;
  readonly #lost = new AbortController();
  readonly #usableMs: number;
  #confirmed: ClockReading;
  #highestSequence = 0;
  #suspended = false;
  #released = false;
  #expires = false;
  #heldUp: string | undefined;
  #watchers: readonly (() => void)[] = [];
  #cancelRenewal = (): void => undefined;
  #cancelWatch = (): void => undefined;

  constructor(session: AuditSession, terms: LeaseTerms, grant: LeaseGrant, sentAt: ClockReading) {
    this.#session = session;
    this.#terms = terms;
    this.clock = new StoreClock(terms.time, grant.now);
    this.#usableMs = terms.request.leaseMs * 0.9;
    this.#confirmed = sentAt;
    this.#schedule(terms.renewMs);
    this.#watch();
  }

  /** Fires once, when the lock is lost; its reason is the `FLG_LOCK_LOST` error. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  get leaseMs(): number {
    return this.#terms.request.leaseMs;
  }

  get owner(): string {
    return this.#terms.request.owner;
  }

  /** Throws `FLG_LOCK_LOST` where this instance can no longer be sure that it holds the lock. */
  assertHeld(): void {
    this.#checkDeadline();
    if (this.signal.aborted) throw this.signal.reason;
  }

  /**
   * As {@link assertHeld}, but where a renewal is due and has not happened (synchronous code held up the timers) asks
   * the store first: a lease that nobody took over meanwhile is renewed.
   */
  async confirm(): Promise<void> {
    const due =
      !this.#suspended &&
      !this.#released &&
      elapsedSince(this.#terms.time, this.#confirmed) > this.#terms.renewMs;
    if (due && !this.signal.aborted) await orAbort(this.renew(), this.signal).catch(() => undefined);
    this.assertHeld();
  }

  /** Notes what kept this process from renewing; the error of a lock that is lost before the next renewal says so. */
  heldUp(reason: string): void {
    this.#heldUp = reason;
  }

  /**
   * Has somebody look at the last moment before the lock is declared lost, who may find out what held this process up.
   *
   * @returns the way to take that back
   */
  watchedBy(look: () => void): () => void {
    this.#watchers = [...this.#watchers, look];
    return () => {
      this.#watchers = this.#watchers.filter((one) => one !== look);
    };
  }

  /** Something may still act in this holder's name: its release only stops renewing, and a lease's time keeps others out. */
  leaveToExpire(): void {
    this.#expires = true;
  }

  /** Declares the lock lost, for instance because a later run has written to the ledger. */
  lose(reason: string): FlamingockError {
    for (const look of this.#watchers) look();
    const why = this.#heldUp === undefined ? reason : `${reason}; ${this.#heldUp}`;
    const error = new FlamingockError({
      code: 'FLG_LOCK_LOST',
      message: `The lock was lost: ${why}. This instance has stopped and writes nothing more.`,
      hint: 'Start again: the next run finds out what is applied and goes on from there.',
    });
    this.#stopTimers();
    if (!this.signal.aborted) this.#lost.abort(error);
    return error;
  }

  /** Notes the highest sequence that this holder has read or written; the next renewal tells the store. */
  wrote(sequence: number): void {
    this.#highestSequence = sequence;
  }

  /**
   * Renews at once. Throws `FLG_LOCK_LOST` when the lock is another's, and whatever the store throws when it
   * cannot tell.
   */
  async renew(): Promise<void> {
    const sentAt = this.#terms.time.clocks();
    const grant = await this.#session.renew(this.#terms.key, this.#terms.request, this.#highestSequence);
    if (grant === undefined) throw this.lose('another instance holds it');
    this.#confirm(grant, sentAt);
  }

  /**
   * While a shared transaction is open on a store's only connection, no renewal can be sent, and the write
   * transaction itself keeps everybody else out: the deadline stands still until the work has ended. The
   * transaction renews the lease as part of its own commit.
   */
  async whileSuspended<T>(work: () => Promise<T>): Promise<T> {
    this.#suspended = true;
    this.#stopTimers();
    try {
      return await work();
    } finally {
      // A long transaction that was rolled back took its renewal with it; whoever came meanwhile may try for the lock.
      if (elapsedSince(this.#terms.time, this.#confirmed) > this.#terms.renewMs)
        await this.renew().catch(() => undefined);
      this.#suspended = false;
      if (!this.signal.aborted && !this.#released) {
        this.#schedule(0);
        this.#watch();
      }
    }
  }

  /**
   * Throws `FLG_LOCK_LOST` where a shared transaction has begun only after the deadline. It keeps others out from then on:
   * whoever took the lock before that may have come and gone while this process stood still.
   */
  assertBegunInTime(): void {
    const silentMs = elapsedSince(this.#terms.time, this.#confirmed);
    if (silentMs > this.#usableMs) throw this.lose(noRenewal(silentMs));
  }

  /** Takes over the confirmation of a renewal that was sent inside a shared transaction and has been committed. */
  confirmShared(grant: LeaseGrant, sentAt: ClockReading): void {
    this.#confirm(grant, sentAt);
  }

  /** What a renewal inside a shared transaction needs. */
  get renewal(): { readonly request: LeaseRequest; readonly highestSequence: number } {
    return { request: this.#terms.request, highestSequence: this.#highestSequence };
  }

  /** Stops renewing without giving the lock back: it expires by itself. */
  abandon(): void {
    this.#released = true;
    this.#stopTimers();
  }

  /**
   * Gives the lock back. A failure to do so is harmless: the lease expires by itself.
   *
   * @param completeFor the declaration that the ledger completes, for whoever reads it next
   */
  async release(completeFor?: string): Promise<void> {
    this.abandon();
    if (this.signal.aborted || this.#expires) return;
    await this.#session
      .release(this.#terms.key, this.#terms.request.owner, this.#highestSequence, completeFor)
      .catch(() => undefined);
  }

  #confirm(grant: LeaseGrant, sentAt: ClockReading): void {
    this.#confirmed = sentAt;
    this.#heldUp = undefined;
    this.clock.synchronise(grant.now);
    // The answer to a renewal may come after the release: a watch that began then would never end.
    if (!this.#suspended && !this.#released) this.#watch();
  }

  #schedule(delayMs: number): void {
    this.#cancelRenewal();
    this.#cancelRenewal = this.#terms.time.after(delayMs, () => void this.#renewInBackground());
  }

  async #renewInBackground(): Promise<void> {
    let next = this.#terms.renewMs;
    try {
      await this.renew();
    } catch (error) {
      if (hasCode(error, 'FLG_LOCK_LOST')) return;
      // The store did not answer: try again well before the deadline, which alone decides.
      next = Math.min(next, this.#terms.request.leaseMs / 30);
    }
    if (!this.#released && !this.#suspended && !this.signal.aborted) this.#schedule(next);
  }

  #watch(): void {
    this.#cancelWatch();
    const left = this.#usableMs - elapsedSince(this.#terms.time, this.#confirmed);
    this.#cancelWatch = this.#terms.time.after(Math.max(1, left), () => {
      this.#checkDeadline();
      if (!this.signal.aborted) this.#watch();
    });
  }

  #checkDeadline(): void {
    if (this.#suspended || this.#released || this.signal.aborted) return;
    const silentMs = elapsedSince(this.#terms.time, this.#confirmed);
    if (silentMs > this.#usableMs) this.lose(noRenewal(silentMs));
  }

  #stopTimers(): void {
    this.#cancelRenewal();
    this.#cancelWatch();
  }
}

function noRenewal(silentMs: number): string {
  return `no renewal was confirmed for ${Math.round(silentMs)} ms`;
}

import { FlamingockError } from '../errors.js';
import type { LockRecord } from '../ledger/audit-store.js';
import type { LedgerState } from '../ledger/fold.js';
import { type LedgerView, viewAfter } from '../ledger/ledger-view.js';
import { type ClockReading, pause, type Time, waitedSince } from '../time.js';
import type { EngineContext } from './context.js';
import { currentHolder } from './sequence.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/** What an instance that waits does with what it sees. */
export interface Watching {
  /** Is shown the ledger whenever it has grown; returns `true` when there is nothing left to wait for, throws to fail. */
  look(view: LedgerView): boolean;
  /** Is told whom this instance waits for, each time that changes. */
  onWait(holder: LockRecord): void;
  /** How long it waits at most, in milliseconds. Default: `lock.waitMs`. */
  readonly waitMs?: number | undefined;
  /** What to say when the patience has come to its end. */
  impatient(holder: LockRecord | undefined): FlamingockError;
}

/**
 * Watches the ledger and the lock without holding anything: it polls with jittered back-off, and no connection is
 * kept in between.
 */
export class LedgerWatch {
  readonly #engine: EngineContext;
  readonly #watching: Watching;
  readonly #began: ClockReading;
  #known: LedgerState;
  #holder: LockRecord | undefined;
  #told: string | undefined;
  #round = 0;

  /** @param known the ledger as the reading found it that made the wait necessary */
  constructor(engine: EngineContext, known: LedgerState, watching: Watching) {
    this.#engine = engine;
    this.#watching = watching;
    this.#known = known;
    this.#began = engine.time.clocks();
  }

  /** The ledger as it was read last. */
  get known(): LedgerState {
    return this.#known;
  }

  /**
   * Waits for a moment and reads again. Throws `FLG_CLOSED`, what `look` throws, and what `impatient` makes after
   * `lock.waitMs`; what a reading throws.
   *
   * @returns `done`: `look` said so; `held`: somebody holds the lock; `free`: nobody does
   */
  async next(): Promise<'done' | 'held' | 'free'> {
    const { time, lease, closing, access, key } = this.#engine;
    if (closing.aborted) throw closedWhileWaiting();
    const { waitMs = lease.waitMs } = this.#watching;
    if (waitedSince(time, this.#began) >= waitMs) throw this.#watching.impatient(this.#holder);
    await pause(time, pauseMs(time, this.#round), closing);
    this.#round += 1;
    const view = await viewAfter(this.#known, (after) => access.read(key, after));
    const hasGrown = view.state !== this.#known;
    this.#known = view.state;
    if (hasGrown && this.#watching.look(view)) return 'done';
    this.#holder = currentHolder(view);
    const { lock } = view;
    if (lock !== undefined && lock.owner !== this.#told) {
      this.#told = lock.owner;
      this.#watching.onWait(lock);
    }
    return this.#holder === undefined ? 'free' : 'held';
  }
}

function pauseMs(time: Time, round: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.5 ** round);
  return longest / 2 + (time.random() * longest) / 2;
}

function closedWhileWaiting(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CLOSED',
    message: 'The instance was closed while it waited.',
    hint: 'Start again: the next start goes on where the sequence stands.',
  });
}

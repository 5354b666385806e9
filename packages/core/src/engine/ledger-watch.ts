import { FlamingockError } from '../errors.js';
import type { LedgerContent, LockRecord } from '../ledger/audit-store.js';
import { type ClockReading, pause, type Time, waitedSince } from '../time.js';
import type { EngineContext } from './context.js';
import { currentHolder } from './sequence.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/** What an instance that waits does with what it sees. */
export interface Watching {
  /** Is shown the ledger whenever it has grown; returns `true` when there is nothing left to wait for, throws to fail. */
  look(content: LedgerContent): boolean;
  /** Is told whom this instance waits for, each time that changes. */
  onWait(holder: LockRecord): void;
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
  #known: LedgerContent;
  #holder: LockRecord | undefined;
  #told: string | undefined;
  #round = 0;

  /** @param first the reading that made the wait necessary */
  constructor(engine: EngineContext, first: LedgerContent, watching: Watching) {
    this.#engine = engine;
    this.#watching = watching;
    this.#known = first;
    this.#began = engine.time.clocks();
  }

  /**
   * Waits for a moment and reads again. Throws `FLG_CLOSED`, what `look` throws, and what `impatient` makes after
   * `lock.waitMs`.
   *
   * @returns `done`: `look` said so; `held`: somebody holds the lock; `free`: nobody does
   */
  async next(): Promise<'done' | 'held' | 'free'> {
    const { time, lease, closing, access, key } = this.#engine;
    if (closing.aborted) throw closedWhileWaiting();
    if (waitedSince(time, this.#began) >= lease.waitMs) throw this.#watching.impatient(this.#holder);
    await pause(time, pauseMs(time, this.#round), closing);
    this.#round += 1;
    const news = await access.read(key, this.#known.entries.at(-1)?.sequence);
    this.#known = { ...news, entries: [...this.#known.entries, ...news.entries] };
    if (news.entries.length > 0 && this.#watching.look(this.#known)) return 'done';
    this.#holder = currentHolder(this.#known);
    const { lock } = this.#known;
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

import type { Progress } from '../../change/change-context.js';
import type { Redactor } from '../../report/redactor.js';
import { type ClockReading, type Time, waitedSince } from '../../time.js';

/** How often progress is passed on at most, in milliseconds. */
const PASS_ON_MS = 250;
const MAX_NOTE_LENGTH = 200;
/** When a line first says that a change is still running, and how far apart such lines are at most, in milliseconds. */
const FIRST_LINE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/** Where a report goes. */
export interface ProgressListener {
  progress(progress: Progress): void;
  stillRunning(runningMs: number, progress: Progress | undefined): void;
}

/** What one call of a change reports of itself, passed on no oftener than anybody can read it; and its signs of life. */
export class ProgressReport {
  readonly #time: Time;
  readonly #redactor: Redactor;
  readonly #listener: ProgressListener;
  readonly #began: ClockReading;
  #latest: Progress | undefined;
  #passedOn: { readonly progress: Progress | undefined; readonly at: ClockReading } | undefined;
  #nextLineMs = FIRST_LINE_MS;
  #over = false;

  constructor(time: Time, redactor: Redactor, listener: ProgressListener) {
    this.#time = time;
    this.#redactor = redactor;
    this.#listener = listener;
    this.#began = time.clocks();
  }

  /** Takes what a change says, whatever it is: a report must not be what fails a change. */
  take(done: unknown, total: unknown, note: unknown): void {
    if (this.#over || !isCount(done)) return;
    this.#latest = {
      done,
      ...(isCount(total) ? { total } : {}),
      ...(typeof note === 'string' && note !== '' ? { note: this.#shown(note) } : {}),
    };
    if (this.#passedOn === undefined || waitedSince(this.#time, this.#passedOn.at) >= PASS_ON_MS)
      this.#passOn();
  }

  beat(): void {
    this.#passOn();
    const runningMs = waitedSince(this.#time, this.#began);
    if (runningMs < this.#nextLineMs) return;
    this.#nextLineMs = runningMs + Math.min(LONGEST_PAUSE_MS, runningMs);
    this.#listener.stillRunning(Math.round(runningMs), this.#latest);
  }

  /** Passes on what is left, and takes nothing more. */
  end(): void {
    this.#passOn();
    this.#over = true;
  }

  #passOn(): void {
    const progress = this.#latest;
    if (progress === undefined || progress === this.#passedOn?.progress) return;
    this.#passedOn = { progress, at: this.#time.clocks() };
    this.#listener.progress(progress);
  }

  #shown(note: string): string {
    return this.#redactor.redact(note).replace(/\s+/g, ' ').slice(0, MAX_NOTE_LENGTH);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

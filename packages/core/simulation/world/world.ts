import type { Random } from './random.js';

/** Whoever an event happens to. What is meant for a dead process never happens, and for a held one it waits. */
export interface Owner {
  readonly alive: boolean;
  /** The virtual time until which nothing reaches it. */
  readonly heldUntil: number;
}

interface WorldEvent {
  due: number;
  readonly run: () => void;
  readonly owner: Owner | undefined;
}

/** A wrong thing that a check has seen. */
export interface Violation {
  readonly rule: string;
  readonly what: string;
}

/** More steps than any schedule that ends has ever taken. */
const MOST_STEPS = 60_000;

/**
 * Virtual time, and the one queue of everything that will happen. Each step takes one of the events that are due, at
 * random, lets all code run that waits for it, and then looks again; time jumps when nothing is due.
 */
export class World {
  now = 0;
  steps = 0;
  violation: Violation | undefined;
  readonly random: Random;
  /** How often each thing has happened. */
  readonly tally: Record<string, number> = {};
  readonly #trace: string[] | undefined;
  #events: WorldEvent[] = [];

  /** @param trace where each step is written down, in words */
  constructor(random: Random, trace?: string[]) {
    this.random = random;
    this.#trace = trace;
  }

  /** Lets something happen after a delay in virtual milliseconds; returns the way to cancel it. */
  after(delayMs: number, run: () => void, owner?: Owner): () => void {
    const event: WorldEvent = { due: this.now + delayMs, run, owner };
    this.#events.push(event);
    return () => {
      const index = this.#events.indexOf(event);
      if (index >= 0) this.#remove(index);
    };
  }

  /** Writes a step down, where somebody reads it. */
  note(who: string, what: () => string): void {
    this.#trace?.push(`${(this.now / 1000).toFixed(3).padStart(10)} s  ${who.padEnd(10)} ${what()}`);
  }

  count(what: string): void {
    this.tally[what] = (this.tally[what] ?? 0) + 1;
  }

  /** Reports a broken rule; the first one ends the schedule. */
  violate(rule: string, what: string): void {
    if (this.violation !== undefined) return;
    this.violation = { rule, what };
    this.note('!', () => `${rule}: ${what}`);
  }

  /** Takes steps until `done`, until nothing is left to happen, or until a rule is broken. */
  async run(done: () => boolean): Promise<void> {
    while (this.violation === undefined && this.#events.length > 0 && !done()) {
      this.steps += 1;
      if (this.steps > MOST_STEPS) {
        this.violate('every run ends', `${MOST_STEPS} steps were not enough`);
        return;
      }
      const event = this.#next();
      if (event === undefined) continue;
      event.run();
      // Ticks come after all microtasks: by then everything that this event has set off is waiting again.
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
    }
  }

  /** Takes one of the events that are due out of the queue; `undefined` where it must not happen now. */
  #next(): WorldEvent | undefined {
    let earliest = Infinity;
    for (const { due } of this.#events) earliest = Math.min(earliest, due);
    this.now = Math.max(this.now, earliest);
    let count = 0;
    let chosen = -1;
    for (const [index, { due }] of this.#events.entries()) {
      if (due > this.now) continue;
      count += 1;
      if (this.random.next() * count < 1) chosen = index;
    }
    const event = this.#events[chosen];
    if (event === undefined) return undefined;
    if (event.owner !== undefined && event.owner.alive && event.owner.heldUntil > this.now) {
      event.due = event.owner.heldUntil;
      return undefined;
    }
    this.#remove(chosen);
    return event.owner?.alive === false ? undefined : event;
  }

  #remove(index: number): void {
    const last = this.#events.pop();
    if (last !== undefined && index < this.#events.length) this.#events[index] = last;
  }
}

import type { Time } from '../../src/time.js';
import type { Random } from './random.js';
import type { Owner, World } from './world.js';

/** What the wall clocks show at the virtual time 0, in milliseconds since the epoch. */
export const EPOCH = Date.UTC(2030, 0, 1);

/**
 * What the clocks of a process do while it does nothing: both go on (it was stopped), the monotonic one stands still (its
 * machine was suspended), or both do (its virtual machine was frozen).
 */
export type Pause = 'go on' | 'tell the time only on the wall' | 'stand still';

/** A process of its own: it can die, stand still, and be wrong about the time. Its code gets everything from `time`. */
export class SimulatedProcess implements Owner {
  readonly name: string;
  readonly time: Time;
  alive = true;
  heldUntil = 0;
  readonly #world: World;
  readonly #random: Random;
  readonly #onEnd: (() => void)[] = [];
  #skewMs: number;
  #setBack = false;
  #suspendedMs = 0;
  #stoodStill = false;
  #ids = 0;

  constructor(world: World, name: string, skewMs: number) {
    this.name = name;
    this.#world = world;
    this.#random = world.random.fork(name);
    this.#skewMs = skewMs;
    this.time = {
      clocks: () => ({ monotonic: this.#monotonic(), wall: this.wall() }),
      after: (delayMs, callback) => this.#timer(delayMs, callback),
      keepAlive: () => () => undefined,
      turn: () =>
        new Promise((resolve) => {
          world.after(0, resolve, this);
        }),
      random: () => this.#random.next(),
      id: () => `${(this.#ids += 1).toString(16).padStart(8, '0')}-${name}`,
    };
  }

  /** Milliseconds since the epoch, as this process believes. */
  wall(): number {
    return EPOCH + this.#world.now + this.#skewMs;
  }

  /** Both of its clocks have been wrong: then nothing need tell it that its lease is over. */
  get clocksLied(): boolean {
    return this.#stoodStill || (this.#setBack && this.#suspendedMs > 0);
  }

  /** It has stood still at some time, for whatever reason. */
  get everHeld(): boolean {
    return this.heldUntil > 0;
  }

  /** Sets the wall clock by so many milliseconds. */
  setClock(byMs: number): void {
    this.#skewMs += byMs;
    this.#setBack ||= byMs < 0;
    this.#world.note(this.name, () => `its wall clock is set by ${byMs} ms`);
  }

  /** Nothing reaches it for a while. */
  hold(ms: number, clocks: Pause): void {
    this.heldUntil = Math.max(this.heldUntil, this.#world.now + ms);
    if (clocks !== 'go on') this.#suspendedMs += ms;
    if (clocks === 'stand still') {
      this.#skewMs -= ms;
      this.#stoodStill = true;
    }
    this.#world.note(this.name, () => `does nothing for ${ms} ms; its clocks ${clocks}`);
  }

  /** Synchronous code: nothing else of this process happens meanwhile. */
  block(ms: number): Promise<void> {
    this.hold(ms, 'go on');
    return new Promise((resolve) => {
      this.#world.after(ms, resolve, this);
    });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.time.after(ms, resolve);
    });
  }

  /** It never runs again. */
  end(how: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.#world.note(this.name, () => how);
    for (const listener of this.#onEnd) listener();
  }

  onEnd(listener: () => void): void {
    this.#onEnd.push(listener);
  }

  #monotonic(): number {
    return this.#world.now - this.#suspendedMs;
  }

  /** Timers go by the monotonic clock, as those of Node do. */
  #timer(delayMs: number, callback: () => void): () => void {
    const due = this.#monotonic() + delayMs;
    let cancel = (): void => undefined;
    const wait = (): void => {
      const left = due - this.#monotonic();
      if (left <= 0.000_1) callback();
      else cancel = this.#world.after(left, wait, this);
    };
    cancel = this.#world.after(Math.max(0, delayMs), wait, this);
    return () => {
      cancel();
    };
  }
}

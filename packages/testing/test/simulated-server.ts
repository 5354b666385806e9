import { type ErrorCode, FlamingockError } from '@flamingock/core/spi';
import type { RawFence } from '../src/target/harness.js';

/** A database server in memory with rows, locks, savepoints and time-outs, as far as a change can notice them. */
export class SimulatedServer {
  readonly fences = new Map<string, RawFence>();
  readonly values = new Set<string>();
  readonly #holders = new Map<string, Transaction>();

  begin(idleTimeoutMs: number): Transaction {
    return new Transaction(this, idleTimeoutMs);
  }

  /** Waits until the transaction is the only one with the lock. Throws `FLG_STORE_BUSY` after the time-out. */
  async lock(transaction: Transaction, name: string, timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const holder = this.holder(name);
      if (holder === undefined || holder === transaction) break;
      if (performance.now() >= until) throw coded('FLG_STORE_BUSY');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    transaction.assertOpen();
    this.#holders.set(name, transaction);
  }

  /** The open transaction that has a lock. */
  holder(name: string): Transaction | undefined {
    const holder = this.#holders.get(name);
    return holder?.isOpen === true ? holder : undefined;
  }
}

/** One transaction; its rows are written when it commits. */
export class Transaction {
  readonly values = new Set<string>();
  readonly fences = new Map<string, RawFence>();
  /** A statement failed, and nothing else is taken until the transaction goes back to an older savepoint. */
  aborted = false;
  failures = 0;
  savepoints = 0;
  isOpen = true;
  /** The server has ended it, and the connection with it. */
  terminated = false;
  readonly #server: SimulatedServer;
  readonly #idleTimeoutMs: number;
  #lastHeard = performance.now();

  constructor(server: SimulatedServer, idleTimeoutMs: number) {
    this.#server = server;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** A statement arrives, or a sign of life. */
  touch(): void {
    if (this.isOpen && performance.now() - this.#lastHeard > this.#idleTimeoutMs) this.terminate();
    this.#lastHeard = performance.now();
  }

  assertOpen(): void {
    if (!this.isOpen) throw new Error('there is no transaction');
  }

  async write(value: string, timeoutMs = 60_000): Promise<void> {
    this.#assertUsable();
    const duplicate = async (): Promise<void> => {
      await this.#server.lock(this, `value ${value}`, timeoutMs).catch((error: unknown) => {
        throw this.isOpen ? new Error('the statement has waited for too long') : error;
      });
      if (this.#server.values.has(value) || this.values.has(value)) throw new Error('a duplicate');
    };
    await duplicate().catch((error: unknown) => this.#fail(error));
    this.values.add(value);
  }

  async fail(): Promise<void> {
    this.#assertUsable();
    return this.#fail(new Error('no such table'));
  }

  /** Runs some work under a savepoint, and goes back to it when it fails. */
  async recover(work: () => Promise<void>): Promise<void> {
    this.#assertUsable();
    this.savepoints += 1;
    const before = [...this.values];
    await work().catch(() => {
      this.aborted = false;
      this.values.clear();
      for (const value of before) this.values.add(value);
    });
  }

  commit(): void {
    this.assertOpen();
    for (const value of this.values) this.#server.values.add(value);
    for (const [id, fence] of this.fences) this.#server.fences.set(id, fence);
    this.isOpen = false;
  }

  rollback(): void {
    this.isOpen = false;
  }

  terminate(): void {
    this.terminated ||= this.isOpen;
    this.isOpen = false;
  }

  #assertUsable(): void {
    this.touch();
    this.assertOpen();
    if (this.aborted) throw new Error('the transaction is aborted');
  }

  #fail(error: unknown): never {
    this.aborted = true;
    this.failures += 1;
    throw error;
  }
}

/** An error of the software. */
export function coded(code: ErrorCode): FlamingockError {
  return new FlamingockError({ code, message: 'Simulated.', hint: 'Look at the test.' });
}

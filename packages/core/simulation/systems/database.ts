import { broken, type Connection, type Server, type Settled } from '../world/connection.js';
import type { World } from '../world/world.js';
import { FlamingockError } from '../../src/errors.js';
import { Transaction } from './transaction.js';

/** What a statement sees: what is committed, and what its own transaction has written. */
export interface View {
  /** The server's time, in virtual milliseconds. */
  readonly now: number;
  get(row: string): unknown;
  set(row: string, value: unknown): void;
}

/** Executed as a whole, once it has its locks. What it throws is the server's refusal. */
export interface Statement {
  readonly locks: readonly string[];
  /** How long it waits for them, in milliseconds. Default: for ever. */
  readonly lockTimeoutMs?: number;
  run(view: View): unknown;
}

/** Is shown every commit, when it has happened. */
export type CommitObserver = (transaction: Transaction) => void;

interface Waiting {
  readonly transaction: Transaction;
  readonly statement: Statement;
  answer(settled: Settled): void;
  stopWaiting(): void;
}

/**
 * A database server: transactions with row locks, which it ends when nothing comes from their client any more. With
 * one writer, as SQLite has it, there is one lock for all, and a transaction lives as long as its process.
 */
export class Database implements Server {
  readonly name: string;
  readonly oneWriter: boolean;
  outage = { until: 0, silent: false };
  readonly #world: World;
  readonly #observe: CommitObserver;
  readonly #rows = new Map<string, unknown>();
  readonly #locks = new Map<string, Transaction>();
  readonly #open = new Map<Connection, Transaction>();
  readonly #terminated = new Map<Connection, Error>();
  #waiting: Waiting[] = [];

  constructor(world: World, name: string, oneWriter: boolean, observe: CommitObserver) {
    this.#world = world;
    this.name = name;
    this.oneWriter = oneWriter;
    this.#observe = observe;
  }

  /** What is committed. */
  row(name: string): unknown {
    return this.#rows.get(name);
  }

  /** Somebody tidies up by hand. */
  write(row: string, value: unknown): void {
    this.#rows.set(row, value);
  }

  /** Everything that is committed, as a backup. */
  backup(): ReadonlyMap<string, unknown> {
    return new Map(this.#rows);
  }

  /** Somebody restores a backup: whatever is under way there ends. */
  restore(backup: ReadonlyMap<string, unknown>): void {
    const cutOff = this.#waiting;
    this.#waiting = [];
    for (const waiting of cutOff) {
      waiting.stopWaiting();
      waiting.answer({ error: broken('terminating connection: it is restored') });
    }
    for (const transaction of new Set(this.#open.values())) this.terminate(transaction, 'it is restored');
    this.#rows.clear();
    for (const [row, value] of backup) this.#rows.set(row, value);
    this.#world.note(this.name, () => 'is restored from a backup');
  }

  /** The open transaction of a connection. */
  transactionOf(connection: Connection): Transaction | undefined {
    return this.#open.get(connection);
  }

  /** Whoever keeps a row locked. */
  holderOf(row: string): Transaction | undefined {
    return this.#locks.get(this.#lockName(row));
  }

  begin(connection: Connection, transaction: Transaction): void {
    this.#open.set(connection, transaction);
  }

  /** Executes a statement that is a transaction of its own. */
  alone(statement: Statement, answer: (settled: Settled) => void): void {
    const transaction = new Transaction();
    this.execute(transaction, statement, (settled) => {
      if ('error' in settled) this.#finish(transaction);
      else this.commit(transaction);
      answer(settled);
    });
  }

  /** Executes a statement in a transaction; one that fails leaves it aborted. */
  execute(transaction: Transaction, statement: Statement, answer: (settled: Settled) => void): void {
    if (transaction.state === 'aborted') {
      answer({ error: new Error('current transaction is aborted') });
      return;
    }
    if (this.#lock(transaction, statement)) {
      this.#run(transaction, statement, answer);
      return;
    }
    transaction.waiting = true;
    const waiting: Waiting = { transaction, statement, answer, stopWaiting: () => undefined };
    if (statement.lockTimeoutMs !== undefined) {
      waiting.stopWaiting = this.#world.after(statement.lockTimeoutMs, () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        this.#fail(transaction, this.busy(), answer);
      });
    }
    this.#waiting.push(waiting);
  }

  /** Commits; a transaction that is aborted is rolled back instead. */
  commit(transaction: Transaction): void {
    if (transaction.state === 'open') {
      for (const [row, value] of transaction.writes) this.#rows.set(row, value);
      transaction.committed = true;
      this.#observe(transaction);
    }
    this.#finish(transaction);
  }

  rollback(transaction: Transaction): void {
    this.#finish(transaction);
  }

  /** Ends a transaction by force, with its connection. */
  terminate(transaction: Transaction, why: string): void {
    for (const [connection, open] of this.#open)
      if (open === transaction) this.#terminated.set(connection, broken(`terminating connection: ${why}`));
    this.#world.note(
      this.name,
      () => `ends a transaction of ${transaction.about?.process.name ?? '?'}: ${why}`,
    );
    this.#finish(transaction);
  }

  terminated(connection: Connection): Error | undefined {
    return this.#terminated.get(connection);
  }

  disconnected(connection: Connection): void {
    const transaction = this.#open.get(connection);
    if (transaction === undefined) return;
    // A backend that waits for a lock does not look at its client.
    if (transaction.waiting) transaction.clientGone = true;
    else this.terminate(transaction, 'its client is gone');
  }

  get local(): boolean {
    return this.oneWriter;
  }

  takeDown(ms: number, silent: boolean): void {
    this.outage = { until: this.#world.now + ms, silent };
    this.#world.note(this.name, () => `answers nobody for ${ms} ms`);
  }

  busy(): Error {
    return new FlamingockError({ code: 'FLG_STORE_BUSY', message: 'locked', hint: 'again' });
  }

  #lock(transaction: Transaction, { locks }: Statement): boolean {
    const names = locks.map((row) => this.#lockName(row));
    if (names.some((name) => (this.#locks.get(name) ?? transaction) !== transaction)) return false;
    for (const name of names) this.#locks.set(name, transaction);
    return true;
  }

  #lockName(row: string): string {
    return this.oneWriter ? 'the whole database' : row;
  }

  #run(transaction: Transaction, statement: Statement, answer: (settled: Settled) => void): void {
    transaction.waiting = false;
    try {
      const view: View = {
        now: this.#world.now,
        get: (row) => (transaction.writes.has(row) ? transaction.writes.get(row) : this.#rows.get(row)),
        set: (row, value) => {
          transaction.writes.set(row, value);
        },
      };
      const value = statement.run(view);
      this.#touch(transaction);
      answer({ value });
    } catch (error) {
      this.#fail(transaction, error as Error, answer);
      return;
    }
    if (transaction.clientGone) this.terminate(transaction, 'its client is gone');
  }

  #fail(transaction: Transaction, error: Error, answer: (settled: Settled) => void): void {
    transaction.waiting = false;
    if (!this.oneWriter && transaction.state === 'open') transaction.state = 'aborted';
    this.#touch(transaction);
    answer({ error });
    if (transaction.clientGone) this.terminate(transaction, 'its client is gone');
  }

  /** The server ends a transaction from which it has not heard for its idle time-out. */
  #touch(transaction: Transaction): void {
    const { idleTimeoutMs } = transaction;
    if (idleTimeoutMs === undefined) return;
    transaction.cancelTimeout();
    transaction.cancelTimeout = this.#world.after(idleTimeoutMs, () => {
      if (transaction.state !== 'ended' && !transaction.waiting)
        this.terminate(transaction, 'idle in transaction');
    });
  }

  #finish(transaction: Transaction): void {
    transaction.state = 'ended';
    transaction.cancelTimeout();
    for (const [connection, open] of this.#open) if (open === transaction) this.#open.delete(connection);
    for (const [row, holder] of this.#locks) if (holder === transaction) this.#locks.delete(row);
    this.#grant();
  }

  /** Whoever waits for what is free now goes on, in the order in which they came. */
  #grant(): void {
    for (const waiting of this.#waiting) {
      if (!this.#waiting.includes(waiting) || !this.#lock(waiting.transaction, waiting.statement)) continue;
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      waiting.stopWaiting();
      this.#run(waiting.transaction, waiting.statement, (settled) => {
        waiting.answer(settled);
      });
    }
  }
}

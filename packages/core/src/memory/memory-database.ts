import { FlamingockError } from '../errors.js';
import type { LockRecord } from '../ledger/audit-store.js';
import type { LedgerKey, SealedEntry, StoredEntry } from '../ledger/entry.js';

/** The fence row of one service and tenant. */
export interface MemoryFence {
  readonly environment: string;
  readonly claimed: number;
  readonly begun: number;
  readonly applied: number;
}

/** One ledger with its lock. */
export interface MemoryLedger {
  readonly entries: readonly StoredEntry[];
  readonly lock: LockRecord | undefined;
  readonly highestSequence: number;
  /** The declaration with which the lock was given back, until it is taken again. */
  readonly completeFor?: string | undefined;
}

/** How far one resumable change has come. */
export interface MemoryCheckpoint {
  readonly claimed: number;
  readonly savedBy: number;
  readonly revision: number;
  readonly text: string | undefined;
}

/** Everything that the database holds; replaced as a whole by each commit. */
export interface MemoryContents {
  readonly ledgers: ReadonlyMap<string, MemoryLedger>;
  readonly fences: ReadonlyMap<string, MemoryFence>;
  readonly checkpoints: ReadonlyMap<string, MemoryCheckpoint>;
  readonly values: ReadonlyMap<string, unknown>;
}

const EMPTY: MemoryLedger = { entries: [], lock: undefined, highestSequence: 0 };

/**
 * A database in memory, for tests: several stores and targets over one of them behave like several processes
 * over one server. Nothing survives the process.
 */
export class MemoryDatabase {
  #contents: MemoryContents = {
    ledgers: new Map(),
    fences: new Map(),
    checkpoints: new Map(),
    values: new Map(),
  };
  #transaction: Promise<void> = Promise.resolve();
  #busy = false;

  contents(): MemoryContents {
    return this.#contents;
  }

  /** The store's clock, in milliseconds since the epoch. */
  now(): number {
    return Date.now();
  }

  ledger(key: LedgerKey): MemoryLedger {
    return this.#contents.ledgers.get(ledgerId(key)) ?? EMPTY;
  }

  commit(contents: Partial<MemoryContents>): void {
    this.#contents = { ...this.#contents, ...contents };
  }

  /** As {@link commit}, from outside of transactions: throws `FLG_STORE_BUSY` while one is open. */
  commitAlone(contents: Partial<MemoryContents>): void {
    if (this.#busy) {
      throw new FlamingockError({
        code: 'FLG_STORE_BUSY',
        message: 'A transaction is open on this database.',
        hint: 'Try again when it has ended.',
      });
    }
    this.commit(contents);
  }

  /** Runs transactions one after the other, as a database with one writer does. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#transaction;
    const { promise, release } = gate();
    this.#transaction = promise;
    await before;
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
      release();
    }
  }
}

/** The contents with one ledger replaced. */
export function withLedger(
  contents: MemoryContents,
  key: LedgerKey,
  ledger: MemoryLedger,
): Pick<MemoryContents, 'ledgers'> {
  return { ledgers: new Map(contents.ledgers).set(ledgerId(key), ledger) };
}

/** The contents of a ledger with an entry at its end, or `undefined` where the sequence is taken. */
export function withEntry(
  ledger: MemoryLedger,
  { sequence, text, hash }: SealedEntry,
): MemoryLedger | undefined {
  if (ledger.entries.some((entry) => entry.sequence === sequence)) return undefined;
  return { ...ledger, entries: [...ledger.entries, { sequence, text, hash }] };
}

/** The key as one text. */
export function ledgerId({ service, environment, tenant }: LedgerKey): string {
  return JSON.stringify([service, environment, tenant]);
}

function gate(): { promise: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

import { FlamingockError } from '../errors.js';
import type { LeaseGrant, LeaseRequest, LedgerWriter } from '../ledger/audit-store.js';
import type { LedgerKey, SealedEntry } from '../ledger/entry.js';
import { type MemoryContents, type MemoryLedger, withEntry, withLedger } from './memory-database.js';

/** Where a writer writes: the database itself, or the contents of an open transaction. */
export interface MemoryView {
  contents(): MemoryContents;
  ledger(key: LedgerKey): MemoryLedger;
  commit(contents: Partial<MemoryContents>): void;
  now(): number;
}

/** Appends and renews on a view. */
export class MemoryWriter implements LedgerWriter {
  readonly #view: MemoryView;

  constructor(view: MemoryView) {
    this.#view = view;
  }

  async append(key: LedgerKey, entry: SealedEntry): Promise<void> {
    const next = withEntry(this.#view.ledger(key), entry);
    if (next === undefined) throw sequenceTaken(entry.sequence);
    this.#save(key, next);
  }

  async renew(
    key: LedgerKey,
    request: LeaseRequest,
    highestSequence: number,
  ): Promise<LeaseGrant | undefined> {
    const ledger = this.#view.ledger(key);
    if (ledger.lock?.owner !== request.owner) return undefined;
    const now = this.#view.now();
    const highest = Math.max(ledger.highestSequence, highestSequence);
    this.#save(key, {
      ...ledger,
      highestSequence: highest,
      lock: { ...ledger.lock, expiresAt: now + request.leaseMs, leaseMs: request.leaseMs },
    });
    return { now };
  }

  #save(key: LedgerKey, ledger: MemoryLedger): void {
    this.#view.commit(withLedger(this.#view.contents(), key, ledger));
  }
}

function sequenceTaken(sequence: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_SEQUENCE_TAKEN',
    message: `The ledger has an entry ${sequence} already.`,
    hint: 'Another instance has taken over; read the ledger again.',
  });
}

import { FlamingockError, hasCode, isFlamingockError } from '../errors.js';
import type { Lease } from '../lock/lease.js';
import { orAbort } from '../lock/or-abort.js';
import type { StoreAccess } from './store-access.js';
import { pause, type Time } from '../time.js';
import type { AuditSession, LedgerWriter } from '../ledger/audit-store.js';
import type {
  AdoptionEntry,
  ChangeEntry,
  EpochEntry,
  LedgerEntry,
  LedgerKey,
  RunEntry,
  SealedEntry,
  Writer,
} from '../ledger/entry.js';
import { clears } from '../ledger/change-record.js';
import { seal } from '../ledger/seal.js';

type KnownToTheTail = keyof Writer | 'sequence' | 'at' | 'previousHash';

/** Nothing was written, and the same statement would be refused on any other connection. */
const REFUSALS = ['FLG_LOCK_LOST', 'FLG_STORE_SHARED_CONNECTION', 'FLG_STORE_PERMISSION'] as const;

/** The parts of an entry about a change that the tail does not know by itself. */
export type ChangeEntryParts = Omit<ChangeEntry, KnownToTheTail>;

/** The parts of an `adoption` entry that the tail does not know by itself. */
export type AdoptionEntryParts = Omit<AdoptionEntry, KnownToTheTail>;

/** The parts of an `epoch` entry that the tail does not know by itself. */
type EpochEntryParts = Omit<EpochEntry, KnownToTheTail>;

/** The parts of a `run` entry that the tail does not know by itself. */
export type RunEntryParts = Omit<RunEntry, KnownToTheTail>;

/**
 * The end of the ledger as its one writer knows it. The next sequence is kept in memory from the reading
 * under the lock and never read again: whatever an older holder appends collides with what a newer one has
 * written. That collision is the fence.
 */
export class LedgerTail {
  readonly #access: StoreAccess;
  readonly #session: AuditSession;
  readonly #key: LedgerKey;
  readonly #lease: Lease;
  readonly #writer: Writer;
  readonly #time: Time;
  #sequence: number;
  #hash: string;
  #unsettled = false;
  readonly #cleared = new Map<string, number>();

  constructor(
    parts: {
      access: StoreAccess;
      session: AuditSession;
      key: LedgerKey;
      lease: Lease;
      writer: Writer;
      time: Time;
    },
    head: { readonly highestSequence: number; readonly headHash: string },
  ) {
    this.#access = parts.access;
    this.#session = parts.session;
    this.#key = parts.key;
    this.#lease = parts.lease;
    this.#writer = parts.writer;
    this.#time = parts.time;
    this.#sequence = head.highestSequence;
    this.#hash = head.headHash;
  }

  /** A change was started whose outcome does not stand in the ledger, or nobody knows what stands there. */
  get unsettled(): boolean {
    return this.#unsettled;
  }

  /** As `ChangeRecord` has it, by what this run itself has written; 0: nowhere. */
  cleared(changeId: string): number {
    return this.#cleared.get(changeId) ?? 0;
  }

  /**
   * Appends durably before it resolves. Throws `FLG_LOCK_LOST` when another instance has written at this
   * sequence, and `FLG_STORE_WRITE` when the outcome of the write cannot be told.
   */
  async append(parts: ChangeEntryParts | AdoptionEntryParts | EpochEntryParts): Promise<LedgerEntry> {
    await this.#lease.confirm();
    const sealed = this.prepare(parts);
    await this.#write(sealed);
    this.advance(sealed);
    return sealed.entry;
  }

  /**
   * Begins a run with its `run` entry, whose sequence is the run's token. `undefined`: another instance has written
   * since the ledger was read, so it must be read again.
   */
  async begin(parts: Omit<RunEntryParts, 'kind'>): Promise<LedgerEntry | undefined> {
    const sealed = this.prepare({ kind: 'run', ...parts });
    try {
      await this.#repeatWhileBusy(this.#session, sealed);
    } catch (error) {
      if (hasCode(error, 'FLG_SEQUENCE_TAKEN')) return undefined;
      if (isFlamingockError(error)) throw error;
      await this.settle(sealed, sealed);
    }
    this.advance(sealed);
    return sealed.entry;
  }

  /** The next entry, sealed but not written: for a shared transaction, which writes it itself. */
  prepare(parts: ChangeEntryParts | AdoptionEntryParts | EpochEntryParts | RunEntryParts): SealedEntry {
    this.#lease.assertHeld();
    return seal({
      ...parts,
      ...this.#writer,
      sequence: this.#sequence + 1,
      at: this.#lease.clock.now(),
      previousHash: this.#hash,
    });
  }

  /** Notes that a prepared entry is durable. */
  advance(sealed: SealedEntry): void {
    this.#sequence = sealed.sequence;
    this.#hash = sealed.hash;
    const { entry } = sealed;
    this.#unsettled = 'state' in entry && entry.state === 'STARTED';
    if ('changeId' in entry && clears(entry)) this.#cleared.set(entry.changeId, entry.sequence);
    this.#lease.wrote(sealed.sequence);
  }

  /**
   * Settles a commit whose reply was lost: appends `otherwise` at the same sequence on another connection, which
   * waits for the original. Returns what stands there now: the original, or `otherwise`.
   */
  async settle(original: SealedEntry, otherwise: SealedEntry): Promise<SealedEntry> {
    const standing = await this.#writeElsewhere(original, otherwise).catch((error: unknown) => {
      if (hasCode(error, 'FLG_LOCK_LOST')) throw error;
      // It may be written, and be the announcement of a change.
      this.#unsettled = true;
      throw unwritten();
    });
    this.advance(standing);
    return standing;
  }

  async #writeElsewhere(original: SealedEntry, otherwise: SealedEntry): Promise<SealedEntry> {
    const session = await this.#access.openSession();
    try {
      await this.#repeatWhileBusy(session, otherwise);
      return otherwise;
    } catch (error) {
      if (!hasCode(error, 'FLG_SEQUENCE_TAKEN')) throw error;
      const found = await this.#access.bounded(() => session.read(this.#key, original.sequence - 1));
      if (found.entries[0]?.hash === original.hash) return original;
      throw this.#lease.lose('a later run has written to the ledger');
    } finally {
      await this.#access.closeSession(session);
    }
  }

  async #write(sealed: SealedEntry): Promise<void> {
    try {
      await this.#repeatWhileBusy(this.#session, sealed);
    } catch (error) {
      if (hasCode(error, 'FLG_SEQUENCE_TAKEN'))
        throw this.#lease.lose('a later run has written to the ledger');
      if (REFUSALS.some((code) => hasCode(error, code))) throw error;
      await this.settle(sealed, sealed);
    }
  }

  async #repeatWhileBusy(writer: LedgerWriter, sealed: SealedEntry): Promise<void> {
    for (;;) {
      this.#lease.assertHeld();
      try {
        // A connection that is silently dead never answers; the deadline of the lease then ends the wait.
        await orAbort(writer.append(this.#key, sealed), this.#lease.signal);
        return;
      } catch (error) {
        if (!hasCode(error, 'FLG_STORE_BUSY') && !this.#mayStillBeTaken(error)) throw error;
      }
      await pause(this.#time, 50, this.#lease.signal);
    }
  }

  /** What a change has done is not given up for a transaction of the application, which may end while the lease is held. */
  #mayStillBeTaken(error: unknown): boolean {
    if (!this.#unsettled || !hasCode(error, 'FLG_STORE_SHARED_CONNECTION')) return false;
    this.#lease.heldUp('a transaction of the application stayed open on the connection of the audit store');
    return true;
  }
}

// Without the cause: what a driver attaches to its errors (statements, parameters) must not reach a terminal.
function unwritten(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_WRITE',
    message: 'The audit store did not take the outcome of the last step, so the run has stopped.',
    hint: 'Bring the audit store back and start again: the next run finds out what is applied.',
  });
}

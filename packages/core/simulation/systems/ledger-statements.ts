import { FlamingockError } from '../../src/errors.js';
import type { LeaseGrant, LeaseRequest, LedgerContent, LockRecord } from '../../src/ledger/audit-store.js';
import type { SealedEntry, StoredEntry } from '../../src/ledger/entry.js';
import type { Statement, View } from './database.js';
import type { Defects } from './defects.js';

/** How long a statement of the engine waits for a lock, in milliseconds. */
export const ENGINE_LOCK_TIMEOUT_MS = 500;

export const LOCK_ROW = 'lock';
/** When the lock was last taken or renewed, in virtual time: whatever clock the store judges by. */
export const LOCKED_AT = 'locked at';

/** The row of an entry; its key is what keeps a sequence from being written twice. */
function entryRow(sequence: number): string {
  return `entry:${sequence}`;
}

/** Everything that a read brings, at one moment. */
export function readLedger(after: number, now: (view: View) => number, declaration?: string): Statement {
  return {
    locks: [],
    run: (view): LedgerContent => {
      const head = Number(view.get('head') ?? 0);
      const highestSequence = Number(view.get('highest') ?? 0);
      const complete =
        declaration !== undefined && view.get('complete for') === declaration && head === highestSequence;
      const entries: StoredEntry[] = [];
      for (let sequence = after + 1; sequence <= head && !complete; sequence += 1) {
        const entry = view.get(entryRow(sequence)) as StoredEntry | undefined;
        if (entry !== undefined) entries.push(entry);
      }
      let preceding = 0;
      for (let sequence = 1; sequence <= Math.min(after, head); sequence += 1)
        if (view.get(entryRow(sequence)) !== undefined) preceding += 1;
      return {
        initialised: view.get('tables') === true,
        entries,
        preceding,
        lock: lockIn(view),
        highestSequence,
        complete,
        now: now(view),
      };
    },
  };
}

export function createTables(): Statement {
  return writing(['tables'], (view) => {
    view.set('tables', true);
  });
}

export function append(sealed: SealedEntry, defects: Defects): Statement {
  const row = entryRow(sealed.sequence);
  return writing([row], (view) => {
    if (view.get(row) !== undefined && !defects.has('the ledger takes a sequence twice'))
      throw sequenceTaken(sealed.sequence);
    view.set(row, sealed);
    view.set('head', Math.max(sealed.sequence, Number(view.get('head') ?? 0)));
  });
}

export function acquire(request: LeaseRequest, now: (view: View) => number, defects: Defects): Statement {
  return writing([LOCK_ROW], (view): LeaseGrant | undefined => {
    const holder = lockIn(view);
    const { owner, host, processId, leaseMs } = request;
    const at = now(view);
    const taken = holder !== undefined && holder.owner !== owner;
    if (taken && holder.expiresAt > at && !defects.has('the lock is given to whoever asks')) return undefined;
    const lock: LockRecord = { owner, host, processId, acquiredAt: at, expiresAt: at + leaseMs, leaseMs };
    view.set(LOCK_ROW, lock);
    view.set('complete for', undefined);
    view.set(LOCKED_AT, view.now);
    return { now: at, ...(taken ? { tookOverFrom: holder.owner } : {}) };
  });
}

export function renew(
  request: LeaseRequest,
  highest: number,
  now: (view: View) => number,
  defects: Defects,
): Statement {
  return writing([LOCK_ROW], (view): LeaseGrant | undefined => {
    const holder = lockIn(view);
    if (holder === undefined) return undefined;
    if (holder.owner !== request.owner && !defects.has('a lease is renewed for whoever asks'))
      return undefined;
    const at = now(view);
    if (holder.owner === request.owner) {
      view.set(LOCK_ROW, { ...holder, expiresAt: at + request.leaseMs, leaseMs: request.leaseMs });
      view.set(LOCKED_AT, view.now);
    }
    noteHighest(view, highest);
    return { now: at };
  });
}

export function release(owner: string, highest: number, completeFor?: string): Statement {
  return writing([LOCK_ROW], (view) => {
    if (lockIn(view)?.owner !== owner) return;
    view.set(LOCK_ROW, undefined);
    view.set('complete for', completeFor);
    noteHighest(view, highest);
  });
}

function writing(locks: readonly string[], run: (view: View) => unknown): Statement {
  return { locks, lockTimeoutMs: ENGINE_LOCK_TIMEOUT_MS, run };
}

function lockIn(view: View): LockRecord | undefined {
  return view.get(LOCK_ROW) as LockRecord | undefined;
}

function noteHighest(view: View, highest: number): void {
  view.set('highest', Math.max(highest, Number(view.get('highest') ?? 0)));
}

function sequenceTaken(sequence: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_SEQUENCE_TAKEN',
    message: `${sequence} is taken`,
    hint: 'read again',
  });
}

import type { ChangeEntry } from './entry.js';

/** What the ledger says of one change. */
export interface ChangeRecord {
  readonly latest: ChangeEntry;
  /** The `STARTED` of its latest execution or undo, unless a person's word came after it. */
  readonly started: ChangeEntry | undefined;
  /** It was applied at some time, whatever was done about it since. */
  readonly wasApplied: boolean;
  /** Where the ledger stood when its target system last came to hold what is known of it now; 0 where it never did anything. */
  readonly effect: number;
  /** Where the ledger last says that its target system holds nothing of it, or may hold less than it did; 0: nowhere. */
  readonly cleared: number;
}

/** What is known of a change once the ledger has one entry more about it. */
export function recordAfter(entry: ChangeEntry, before: ChangeRecord | undefined): ChangeRecord {
  const started = startedAfter(entry, before);
  return {
    latest: entry,
    started,
    wasApplied: before?.wasApplied === true || isApplied(entry),
    effect: effectAfter(entry, started) ?? before?.effect ?? 0,
    cleared: clears(entry) ? entry.sequence : (before?.cleared ?? 0),
  };
}

function startedAfter(entry: ChangeEntry, before: ChangeRecord | undefined): ChangeEntry | undefined {
  if (entry.kind !== 'execution' && entry.kind !== 'undo') return undefined;
  if (entry.state === 'STARTED') return entry;
  return before?.started?.kind === entry.kind ? before.started : undefined;
}

/** `undefined`: the target system holds what it held before. */
function effectAfter(entry: ChangeEntry, started: ChangeEntry | undefined): number | undefined {
  const own = entry.strategy === 'TX_SHARED' ? undefined : started;
  switch (entry.state) {
    case 'STARTED':
    case 'SKIPPED':
      return undefined;
    case 'FAILED':
    case 'ROLLBACK_FAILED':
      return isUnproven(entry) ? entry.sequence : undefined;
    case 'APPLIED':
      // An undo that is proven to have done nothing leaves the change as it was.
      return entry.kind === 'undo' ? undefined : (own ?? entry).sequence;
    case 'UNDONE':
      return (own ?? entry).sequence;
    // What was taken back is there again in a system that was set back.
    case 'ROLLED_BACK':
    case 'MANUALLY_APPLIED':
    case 'MANUALLY_ROLLED_BACK':
      return entry.sequence;
  }
}

/** An undo, a rollback and a person's word; an execution alone goes on from where the one before it had come to. */
export function clears({ kind, state }: ChangeEntry): boolean {
  return kind !== 'execution' || state === 'ROLLED_BACK' || state === 'ROLLBACK_FAILED';
}

/** Tells whether an entry says that its change is applied. */
export function isApplied(entry: ChangeEntry | undefined): boolean {
  return entry?.state === 'APPLIED' || entry?.state === 'MANUALLY_APPLIED';
}

/** Tells whether an entry is a recorded outcome that nothing proves. */
export function isUnproven(entry: ChangeEntry): boolean {
  return (entry.state === 'FAILED' || entry.state === 'ROLLBACK_FAILED') && entry.proof === 'none';
}

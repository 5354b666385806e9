import { compareOrder } from '../change/order.js';
import { displayName } from '../change/change.js';
import { shortened } from '../change/observation.js';
import type { HashedEntry } from '../engine/ledger-history.js';
import { isApplied } from '../ledger/change-record.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { fold } from '../ledger/fold.js';

/** Where one change stands, by the entries of a ledger alone. */
export interface RecordedChange extends Pick<ChangeEntry, 'order' | 'targetSystem' | 'state' | 'proof'> {
  readonly id: string;
  readonly displayName: string;
  /** Of a template its checksum, else the author's revision; `undefined` where it has neither. */
  readonly version: string | undefined;
  /** What its target system has held since then, where the change says so. */
  readonly wants: readonly string[];
  /** When and with which entry it came to be applied; `undefined` where it is not. */
  readonly applied: Pick<ChangeEntry, 'at' | 'sequence'> | undefined;
}

/**
 * What the entries of a ledger come to, change by change, in their order; of a store, or of what was exported.
 *
 * @param entries oldest first
 */
export function recordedSequence(entries: readonly HashedEntry[]): readonly RecordedChange[] {
  const stored = entries.map(({ hash, ...entry }) => ({
    sequence: entry.sequence,
    text: JSON.stringify(entry),
    hash,
  }));
  const applied = new Map<string, ChangeEntry>();
  for (const entry of entries)
    // An undo that has done nothing says so, and not when the change was applied.
    if ('changeId' in entry && isApplied(entry) && entry.kind !== 'undo') applied.set(entry.changeId, entry);
  return [...fold(stored).changes.values()]
    .map(({ latest }) => recorded(latest, isApplied(latest) ? applied.get(latest.changeId) : undefined))
    .sort((a, b) => compareOrder(a.order, b.order));
}

function recorded(latest: ChangeEntry, applied: ChangeEntry | undefined): RecordedChange {
  const { changeId, order, targetSystem, state, proof } = latest;
  const { checksum, revision } = applied ?? latest;
  return {
    id: changeId,
    displayName: displayName(latest),
    order,
    targetSystem,
    state,
    proof,
    version: checksum ?? revision,
    wants: recordedWants(applied?.metadata?.['wants']),
    applied: applied === undefined ? undefined : { at: applied.at, sequence: applied.sequence },
  };
}

/** The ledger may be of anybody's making: only a list of texts is taken. */
function recordedWants(wants: unknown): readonly string[] {
  return Array.isArray(wants) && wants.every((line) => typeof line === 'string') ? shortened(wants) : [];
}

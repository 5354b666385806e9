import type { ClaimedCheckpoint, SavedCheckpoint } from '../../src/ledger/audit-store.js';
import type { Statement, View } from './database.js';
import type { Defects } from './defects.js';
import { ENGINE_LOCK_TIMEOUT_MS } from './ledger-statements.js';

/** The checkpoint of a change, as the store keeps it. */
export interface CheckpointRow {
  readonly claimed: number;
  readonly savedBy: number;
  readonly revision: number;
  readonly text: string | undefined;
}

const NONE: CheckpointRow = { claimed: 0, savedBy: 0, revision: 0, text: undefined };

const PREFIX = 'checkpoint:';

/** The change whose checkpoint a row is, if it is one. */
export function checkpointOf(row: string): string | undefined {
  return row.startsWith(PREFIX) ? row.slice(PREFIX.length) : undefined;
}

export function lookAtCheckpoint(changeId: string): Statement {
  return { locks: [], run: (view) => contentOf(rowIn(view, changeId)) };
}

export function claimCheckpoint(changeId: string, sequence: number): Statement {
  return writing(changeId, (view) => {
    const found = rowIn(view, changeId);
    if (found.claimed > sequence) return undefined;
    const revision = found.claimed === sequence ? found.revision : 0;
    view.set(PREFIX + changeId, { ...found, claimed: sequence, revision });
    return contentOf(found);
  });
}

export function saveCheckpoint(
  changeId: string,
  { sequence, revision, text }: SavedCheckpoint,
  defects: Defects,
): Statement {
  const anybody = defects.has('a checkpoint is saved for whoever asks');
  const anyTime = defects.has('a checkpoint that comes late takes the place of its successor');
  return writing(changeId, (view) => {
    const { claimed, ...found } = rowIn(view, changeId);
    if (claimed !== sequence && !anybody) return false;
    if (found.revision <= revision || anyTime)
      view.set(PREFIX + changeId, { claimed, savedBy: sequence, revision, text });
    return true;
  });
}

function rowIn(view: View, changeId: string): CheckpointRow {
  return (view.get(PREFIX + changeId) as CheckpointRow | undefined) ?? NONE;
}

function contentOf({ savedBy, text }: CheckpointRow): ClaimedCheckpoint {
  return { savedBy, text };
}

function writing(changeId: string, run: (view: View) => unknown): Statement {
  return { locks: [PREFIX + changeId], lockTimeoutMs: ENGINE_LOCK_TIMEOUT_MS, run };
}

import type { CheckpointWriter, ClaimedCheckpoint, SavedCheckpoint } from '../ledger/audit-store.js';
import type { LedgerKey } from '../ledger/entry.js';
import { ledgerId, type MemoryCheckpoint, type MemoryDatabase } from './memory-database.js';

const NONE: MemoryCheckpoint = { claimed: 0, savedBy: 0, revision: 0, text: undefined };

/** The checkpoints of a memory database. */
export class MemoryCheckpoints implements CheckpointWriter {
  readonly #database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  async claim(key: LedgerKey, changeId: string, sequence: number): Promise<ClaimedCheckpoint | undefined> {
    const found = this.#find(key, changeId);
    if (found.claimed > sequence) return undefined;
    const revision = found.claimed === sequence ? found.revision : 0;
    this.#put(key, changeId, { ...found, claimed: sequence, revision });
    return { savedBy: found.savedBy, text: found.text };
  }

  async save(key: LedgerKey, changeId: string, value: SavedCheckpoint): Promise<boolean> {
    const { sequence, revision, text } = value;
    const found = this.#find(key, changeId);
    if (found.claimed !== sequence) return false;
    if (found.revision <= revision)
      this.#put(key, changeId, { claimed: sequence, savedBy: sequence, revision, text });
    return true;
  }

  #find(key: LedgerKey, changeId: string): MemoryCheckpoint {
    return this.#database.contents().checkpoints.get(rowId(key, changeId)) ?? NONE;
  }

  #put(key: LedgerKey, changeId: string, row: MemoryCheckpoint): void {
    const checkpoints = new Map(this.#database.contents().checkpoints).set(rowId(key, changeId), row);
    this.#database.commitAlone({ checkpoints });
  }
}

function rowId(key: LedgerKey, changeId: string): string {
  return JSON.stringify([ledgerId(key), changeId]);
}

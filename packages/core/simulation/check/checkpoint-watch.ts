import type { ChangeEntry, LedgerEntry } from '../../src/ledger/entry.js';
import type { ChangePlan } from '../deployment/scenario.js';
import type { CheckpointRow } from '../systems/checkpoint-statements.js';
import { isAboutChange } from './ledger-watch.js';

/** Follows how far resumable changes have come, and what they repeat. */
export class CheckpointWatch {
  readonly #violate: (rule: string, what: string) => void;
  readonly #changes: readonly ChangePlan[];
  readonly #rows = new Map<string, CheckpointRow>();
  /** The last entry by which nothing that was saved before counts any more. */
  readonly #floors = new Map<string, number>();

  constructor(violate: (rule: string, what: string) => void, changes: readonly ChangePlan[]) {
    this.#violate = violate;
    this.#changes = changes;
  }

  written(changeId: string, row: CheckpointRow): void {
    const before = this.#rows.get(changeId);
    this.#rows.set(changeId, row);
    if (before === undefined) return;
    const what = `of ${changeId}: ${inWords(row)} after ${inWords(before)}`;
    if (row.claimed < before.claimed) this.#violate('a checkpoint is claimed by later attempts alone', what);
    if (row.text === before.text && row.savedBy === before.savedBy) return;
    if (row.savedBy !== before.claimed)
      this.#violate('a checkpoint is saved by the attempt that has claimed it', what);
    if (row.savedBy === before.savedBy && row.revision < before.revision)
      this.#violate('a checkpoint never goes back', what);
  }

  appended(entry: LedgerEntry): void {
    if (entry.kind === 'adoption' || entry.kind === 'epoch') {
      for (const { id, system } of this.#changes)
        if (entry.kind === 'epoch' || system === entry.targetSystem) this.#floors.set(id, entry.sequence);
    } else if (isAboutChange(entry) && forgets(entry)) this.#floors.set(entry.changeId, entry.sequence);
  }

  /** A part of its effect is put into its system by the attempt that is under way. */
  put({ id, resumable }: ChangePlan, part: number): void {
    const row = this.#rows.get(id);
    if (!resumable || row === undefined || row.savedBy <= (this.#floors.get(id) ?? 0)) return;
    if (Number(row.text ?? 0) >= part)
      this.#violate(
        'a resumable change repeats nothing before its checkpoint',
        `part ${part} of ${id} is put there again, after ${inWords(row)}`,
      );
  }
}

/** Whether an entry says that its system holds nothing of the change, or less than before. */
function forgets({ kind, state }: ChangeEntry): boolean {
  return kind !== 'execution' || state === 'ROLLED_BACK' || state === 'ROLLBACK_FAILED';
}

function inWords({ claimed, savedBy, revision, text }: CheckpointRow): string {
  return `${text ?? 'nothing'} (claimed ${claimed}, saved by ${savedBy}, revision ${revision})`;
}

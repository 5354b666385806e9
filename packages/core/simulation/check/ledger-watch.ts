import type { ChangeEntry, LedgerEntry, SealedEntry } from '../../src/ledger/entry.js';
import { hashOf } from '../../src/ledger/seal.js';
import type { ChangePlan } from '../deployment/scenario.js';

/** Follows the ledger entry by entry, and holds each against the rules that it can be held against by itself. */
export class LedgerWatch {
  readonly #violate: (rule: string, what: string) => void;
  readonly #changes: readonly ChangePlan[];
  readonly #entries: SealedEntry[] = [];
  readonly #undone = new Set<string>();
  readonly #latest = new Map<string, ChangeEntry>();

  constructor(violate: (rule: string, what: string) => void, changes: readonly ChangePlan[]) {
    this.#violate = violate;
    this.#changes = changes;
  }

  get entries(): readonly SealedEntry[] {
    return this.#entries;
  }

  get last(): LedgerEntry | undefined {
    return this.#entries.at(-1)?.entry;
  }

  /** Whose run the last entry belongs to. */
  get execution(): string | undefined {
    return this.last?.executionId;
  }

  latest(changeId: string): ChangeEntry | undefined {
    return this.#latest.get(changeId);
  }

  isApplied(changeId: string): boolean {
    const state = this.#latest.get(changeId)?.state;
    return state === 'APPLIED' || state === 'MANUALLY_APPLIED';
  }

  /** Whether a person has ever begun to undo it. */
  everUndone(changeId: string): boolean {
    return this.#undone.has(changeId);
  }

  assertEarlierApplied(changeId: string, what: string): void {
    for (const { id } of this.#changes) {
      if (id === changeId) return;
      if (!this.isApplied(id))
        this.#violate(
          'a change waits for those before it',
          `${what}, and ${id} is ${this.#latest.get(id)?.state ?? 'not started'}`,
        );
    }
  }

  append(sealed: SealedEntry): void {
    this.#assertNext(sealed);
    const { entry } = sealed;
    const before = this.last;
    this.#entries.push(sealed);
    if (!isAboutChange(entry)) return;
    if (entry.kind === 'execution' || entry.kind === 'undo') {
      if (before?.executionId !== entry.executionId)
        this.#violate(
          'a fenced holder appends nothing',
          `${entry.instanceId} appends ${entry.state} ${entry.changeId} after an entry of ${before?.instanceId ?? 'nobody'}`,
        );
      if (entry.kind === 'undo') this.#undone.add(entry.changeId);
      else this.#assertMayFollow(entry, this.#latest.get(entry.changeId));
    }
    this.#latest.set(entry.changeId, entry);
  }

  /** The chain is intact, and only grows. */
  #assertNext({ sequence, text, hash, entry }: SealedEntry): void {
    const head = this.#entries.at(-1);
    if (sequence !== (head?.sequence ?? 0) + 1)
      this.#violate('the ledger only grows', `entry ${sequence} comes after entry ${head?.sequence ?? 0}`);
    else if (entry.previousHash !== (head?.hash ?? '') || hashOf(text) !== hash)
      this.#violate('the chain is intact', `entry ${sequence} does not follow entry ${sequence - 1}`);
  }

  #assertMayFollow(entry: ChangeEntry, before: ChangeEntry | undefined): void {
    const what = `${entry.instanceId} appends ${entry.state} ${entry.changeId}`;
    if (before !== undefined && this.isApplied(entry.changeId)) {
      this.#violate('what is applied never runs again', `${what} after ${before.state}`);
      return;
    }
    const begins = entry.state === 'STARTED' || entry.strategy === 'TX_SHARED';
    const settles = entry.strategy === 'TX_SHARED' && entry.proof === 'verify';
    if (!begins || settles) return;
    this.assertEarlierApplied(entry.changeId, what);
    if (before === undefined || provesNothingThere(before) || entry.recovery === 'ALWAYS_RETRY') return;
    this.#violate(
      'a change is repeated only where a proof or its strategy allows it',
      `${what} after ${before.state} (${before.proof})`,
    );
  }
}

/** Whether an entry tells what happened to a change. */
export function isAboutChange(entry: LedgerEntry): entry is ChangeEntry {
  return entry.kind !== 'run' && entry.kind !== 'adoption';
}

/** Whether an entry says that nothing of its change is there. */
export function provesNothingThere({ state, proof }: ChangeEntry): boolean {
  return ['FAILED', 'ROLLED_BACK', 'MANUALLY_ROLLED_BACK', 'UNDONE'].includes(state) && proof !== 'none';
}

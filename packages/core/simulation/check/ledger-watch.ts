import type { ChangeEntry, LedgerEntry, SealedEntry } from '../../src/ledger/entry.js';
import { hashOf } from '../../src/ledger/seal.js';
import type { Role } from '../deployment/release.js';
import type { ChangePlan } from '../deployment/scenario.js';

/** Follows the ledger entry by entry, and holds each against the rules that it can be held against by itself. */
export class LedgerWatch {
  readonly #violate: (rule: string, what: string) => void;
  readonly #changes: readonly ChangePlan[];
  readonly #entries: SealedEntry[] = [];
  readonly #takenBack = new Set<string>();
  readonly #everApplied = new Set<string>();
  readonly #latest = new Map<string, ChangeEntry>();
  readonly #roleOf: (name: string) => Role;

  /** @param roleOf what a process is, by its name */
  constructor(
    violate: (rule: string, what: string) => void,
    changes: readonly ChangePlan[],
    roleOf: (name: string) => Role,
  ) {
    this.#violate = violate;
    this.#changes = changes;
    this.#roleOf = roleOf;
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

  /** Whether a person has ever begun to undo it, or put it in doubt. */
  everTakenBack(changeId: string): boolean {
    return this.#takenBack.has(changeId);
  }

  /** Of what the release of a process declares and does not restrict to other environments. */
  assertEarlierApplied(changeId: string, what: string, { release }: Role): void {
    for (const { id } of this.#changes) {
      if (id === changeId) return;
      if (!release.declares.includes(id) || release.restricted.includes(id)) continue;
      if (!this.isApplied(id))
        this.#violate(
          'a change waits for those before it',
          `${what}, and ${id} is ${this.#latest.get(id)?.state ?? 'not started'}`,
        );
    }
  }

  /** A change that was in its place before, and was taken back, may come back. */
  assertNothingAbove(changeId: string, what: string, { release }: Role): void {
    if (this.#everApplied.has(changeId)) return;
    const position = this.#changes.findIndex(({ id }) => id === changeId);
    for (const { id } of this.#changes.slice(position + 1))
      if (release.declares.includes(id) && this.isApplied(id))
        this.#violate('nothing runs below what is applied', `${what}, and ${id} is applied`);
  }

  append(sealed: SealedEntry): void {
    this.#assertNext(sealed);
    const { entry } = sealed;
    const before = this.last;
    this.#entries.push(sealed);
    if (this.#roleOf(entry.instanceId).mode !== 'apply')
      this.#violate(
        'an instance that only looks changes nothing',
        `${entry.instanceId} appends to the ledger`,
      );
    if (entry.kind === 'epoch') {
      for (const known of [this.#takenBack, this.#everApplied, this.#latest]) known.clear();
      return;
    }
    if (!isAboutChange(entry)) return;
    if (entry.kind === 'execution' || entry.kind === 'undo') {
      if (before?.executionId !== entry.executionId)
        this.#violate(
          'a fenced holder appends nothing',
          `${entry.instanceId} appends ${entry.state} ${entry.changeId} after an entry of ${before?.instanceId ?? 'nobody'}`,
        );
      if (entry.kind === 'undo' || isDoubt(entry)) this.#takenBack.add(entry.changeId);
      else this.#assertMayFollow(entry, this.#latest.get(entry.changeId));
    }
    this.#latest.set(entry.changeId, entry);
    if (this.isApplied(entry.changeId)) this.#everApplied.add(entry.changeId);
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
    const role = this.#roleOf(entry.instanceId);
    if (entry.state === 'SKIPPED') {
      if (before?.state === 'SKIPPED' || !role.release.restricted.includes(entry.changeId))
        this.#violate('what may not run is recorded, and once', what);
      return;
    }
    const begins = entry.state === 'STARTED' || entry.strategy === 'TX_SHARED';
    const settles = entry.strategy === 'TX_SHARED' && entry.proof === 'verify';
    if (!begins || settles) return;
    this.assertEarlierApplied(entry.changeId, what, role);
    if (before === undefined || provesNothingThere(before) || entry.recovery === 'ALWAYS_RETRY') return;
    if (before.state === 'SKIPPED') return;
    this.#violate(
      'a change is repeated only where a proof or its strategy allows it',
      `${what} after ${before.state} (${before.proof})`,
    );
  }
}

/** Whether an entry tells what happened to a change. */
export function isAboutChange(entry: LedgerEntry): entry is ChangeEntry {
  return 'changeId' in entry;
}

/** Whether an adoption says of a change that nobody knows any more what is there. */
export function isDoubt({ error }: ChangeEntry): boolean {
  return error?.name === 'Adopted';
}

/** Whether an entry says that nothing of its change is there. */
export function provesNothingThere({ state, proof }: ChangeEntry): boolean {
  return ['FAILED', 'ROLLED_BACK', 'MANUALLY_ROLLED_BACK', 'UNDONE'].includes(state) && proof !== 'none';
}

import { isUnproven } from '../../src/ledger/change-record.js';
import type { AdoptionEntry, ChangeEntry } from '../../src/ledger/entry.js';
import type { ChangePlan } from '../deployment/scenario.js';
import type { Database } from '../systems/database.js';
import type { FenceRow } from '../systems/fence-statements.js';
import { effectsIn } from '../systems/system-client.js';

/** What an adoption is held against. */
interface AdoptionRules {
  /** Those that act on the system which is set back. */
  readonly changes: readonly ChangePlan[];
  readonly violate: (rule: string, what: string) => void;
  /** From now on what the system holds of a change is nobody's promise. */
  readonly disturb: (changeId: string, why: string) => void;
  readonly isDisturbed: (changeId: string) => boolean;
  /** What the ledger says of a change. */
  readonly latest: (changeId: string) => ChangeEntry | undefined;
}

/** Follows what a target system has lost when it was set back, and what its adoption makes of that. */
export class SetBackWatch {
  readonly #rules: AdoptionRules;
  /** What the ledger believes of them is not what the system holds; nobody need know. */
  readonly #lost = new Set<string>();
  readonly #adoptions = new Set<number>();
  /** It was set back, and the fence of no adoption stands there since. */
  #behind = false;
  #ever = false;

  constructor(rules: AdoptionRules) {
    this.#rules = rules;
  }

  /** Whether it was ever set back: then also its fence was. */
  get ever(): boolean {
    return this.#ever;
  }

  isLost(changeId: string): boolean {
    return this.#lost.has(changeId);
  }

  setBack(database: Database, restore: () => void): void {
    const { changes, disturb, latest } = this.#rules;
    const held = (): readonly string[] => changes.map(({ id }) => effectsIn(database, id).join());
    const claimed = (): number | undefined => (database.row('fence') as FenceRow | undefined)?.claimed;
    const [before, claimedBefore] = [held(), claimed()];
    restore();
    const after = held();
    const lost = changes.filter((_, index) => before[index] !== after[index]).map(({ id }) => id);
    for (const id of lost) {
      this.#lost.add(id);
      const withinRun = claimed() === claimedBefore || latest(id)?.state === 'STARTED';
      if (withinRun) disturb(id, 'it was set back within a run, which nothing shows');
    }
    this.#ever = true;
    this.#behind = true;
  }

  /** An attempt at a change begins, and nobody has put in doubt what the ledger believed of it. */
  begins({ id, transactional }: ChangePlan, latest: ChangeEntry | undefined): void {
    if (!this.#lost.delete(id)) return;
    const shows = transactional && latest?.proof !== 'person' && latest?.proof !== 'verify';
    if (!shows) this.#rules.disturb(id, 'it was lost, and no fence shows that');
  }

  doubted({ id, recovery }: ChangePlan): void {
    this.#lost.delete(id);
    if (recovery === 'ALWAYS_RETRY') this.#rules.disturb(id, 'it is in doubt, and may be repeated');
  }

  adopted({ sequence, found, targetSystem, instanceId }: AdoptionEntry): void {
    if (found === 'moved' || found === 'unknown') return;
    this.#adoptions.add(sequence);
    const { violate, isDisturbed, latest } = this.#rules;
    if (!this.#behind)
      violate('no adoption without a reason', `${instanceId} has found ${targetSystem} to be ${found}`);
    for (const id of this.#lost) {
      const known = latest(id);
      if (isDisturbed(id) || (known !== undefined && isUnproven(known))) continue;
      violate(
        'an adoption believes nothing that was lost',
        `${instanceId} adopts ${targetSystem}, and ${id} is not in doubt`,
      );
    }
  }

  fenceWritten({ applied }: FenceRow): void {
    if (this.#adoptions.has(applied)) this.#behind = false;
  }
}

import type { ChangePlan } from '../deployment/scenario.js';
import type { Database } from '../systems/database.js';
import { effectsIn } from '../systems/system-client.js';

/** What a new epoch is held against. */
interface EpochRules {
  readonly changes: readonly ChangePlan[];
  readonly violate: (rule: string, what: string) => void;
  readonly databaseOf: (change: ChangePlan) => Database;
}

/** Follows whether the systems were made anew, and whether a new epoch is begun only where they were. */
export class EpochWatch {
  readonly #rules: EpochRules;
  /** By the name of a process: the epoch in which its engine was made. */
  readonly #madeIn = new Map<string, number>();
  #epoch = 0;
  #drops = 0;
  #dropped = false;

  constructor(rules: EpochRules) {
    this.#rules = rules;
  }

  /** All systems were dropped and made anew, and the ledger does not know yet: what it says is nobody's promise. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** How often they were. */
  get drops(): number {
    return this.#drops;
  }

  drop(): void {
    this.#drops += 1;
    this.#dropped = true;
  }

  /** The ledger had nothing to leave behind: it fits the systems as they were after so many drops. */
  fits(drops: number): void {
    if (drops === this.#drops) this.#dropped = false;
  }

  deployed(name: string): void {
    this.#madeIn.set(name, this.#epoch);
  }

  /** What an instance has read may be of an epoch that has ended since. */
  isOfThePast(name: string): boolean {
    return this.#madeIn.get(name) !== this.#epoch;
  }

  /** @returns ids of the changes of which something is there although no fence could tell: nobody's promise from now on */
  begins(): readonly string[] {
    this.#epoch += 1;
    this.#dropped = false;
    const { changes, databaseOf, violate } = this.#rules;
    const there = changes.filter((change) =>
      effectsIn(databaseOf(change), change.id).some((count) => count > 0),
    );
    for (const { id, system, transactional } of there)
      if (system === 'separate' && transactional)
        violate(
          'an epoch begins only where the targets were made anew',
          `${id} is there, and its fence shows it`,
        );
    return there.map(({ id }) => id);
  }
}

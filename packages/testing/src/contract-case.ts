/**
 * One thing that every implementation of a port promises. It belongs to no test framework:
 *
 * @example
 * for (const { name, run } of auditStoreContract()) test(name, () => run(harness));
 */
export interface ContractCase<Harness> {
  /** What a user relies on. */
  readonly name: string;
  /** What the system must be able to do for it; nothing for most cases. */
  readonly needs: readonly string[];
  /**
   * Rejects where the promise is not kept. Where the harness says that its system lacks what the case needs, it
   * checks instead that the implementation does not claim it.
   */
  readonly run: (harness: Harness) => Promise<void>;
}

/**
 * What a harness says its system cannot do, with the reason for people. It is no way to leave cases out: those
 * that need the ability then check that the implementation does not claim it.
 */
export type Lacks<Ability extends string> = Readonly<Partial<Record<Ability, string>>>;

/** What the contract checks of one system, in numbers. */
export interface ContractCoverage {
  /** How many cases check their promise. */
  readonly run: number;
  /** How many cases only check that what they need is not claimed, by what the system lacks. */
  readonly lacking: readonly LackingAbility[];
}

/** One thing that a system lacks. */
export interface LackingAbility {
  readonly ability: string;
  readonly reason: string;
  readonly cases: number;
}

/** Counts the cases of a contract that apply to the system of a harness. Starts nothing. */
export function contractCoverage<Harness extends { readonly lacks?: Lacks<string> }>(
  cases: readonly ContractCase<Harness>[],
  { lacks = {} }: Harness,
): ContractCoverage {
  const first = cases.map(({ needs }) => needs.find((ability) => lacks[ability] !== undefined));
  return {
    run: first.filter((ability) => ability === undefined).length,
    lacking: Object.entries(lacks).flatMap(([ability, reason = '']) => {
      const count = first.filter((needed) => needed === ability).length;
      return count === 0 ? [] : [{ ability, reason, cases: count }];
    }),
  };
}

/**
 * One thing that every implementation of a port promises. It belongs to no test framework:
 *
 * @example
 * for (const { name, run } of auditStoreContract()) test(name, () => run(harness));
 */
export interface ContractCase<Harness> {
  /** What a user relies on. */
  readonly name: string;
  /** Rejects where the promise is not kept. */
  run(harness: Harness): Promise<void>;
}

/**
 * What a harness says its system cannot do, with the reason for people. It is no way to leave cases out: those
 * that need the ability then check that the implementation does not claim it.
 */
export type Lacks<Ability extends string> = Readonly<Partial<Record<Ability, string>>>;

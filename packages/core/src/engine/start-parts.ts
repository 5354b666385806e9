import type { BoundChange } from '../dependencies/binding.js';
import type { FlamingockError } from '../errors.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { RunBy } from './may-apply.js';

/** What a start needs besides the engine. */
export interface StartParts {
  readonly mode: 'apply' | 'wait' | 'validate';
  readonly by: RunBy;
  /** The id of the last change that this run is to apply. */
  readonly until?: string | undefined;
  /** How long it waits for the lock at most, in milliseconds. Default: `lock.waitMs`. */
  readonly waitMs?: number | undefined;
  /** The declared sequence, in order; where there are `problems`, as much of it as could be read. */
  readonly changes: readonly AssignedChange[];
  /** What is wrong with the declared sequence itself. Default: nothing. */
  readonly problems?: readonly FlamingockError[];
  /** Stands for everything of it that a plan looks at: see `declarationOf`. */
  readonly declaration: string;
  /** Resolves the dependencies of the given changes, or throws all problems together. */
  bind(changes: readonly AssignedChange[]): Promise<ReadonlyMap<string, BoundChange>>;
}

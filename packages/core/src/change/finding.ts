import { FlamingockError } from '../errors.js';
import type { FlamingockErrorParts } from '../errors.js';
import type { Change, ChangeMethod } from './change.js';
import type { ChangeProblems } from './change-problems.js';
import type { ChangeName } from './order.js';
import type { Attributes } from './read-attributes.js';

/** Where a declaration was found. */
export interface Origin {
  /** As `source` of a change. */
  readonly source: string;
  /** What the name of its file says, for a change that has a file of its own. */
  readonly file?: ChangeName;
}

/** What looking at one place brought. Id and order are told also where the rest is wrong, to find duplicates. */
export interface Finding {
  readonly source: string;
  readonly id: string | undefined;
  readonly order: string | undefined;
  /** Absent exactly where there are problems. */
  readonly change: Change | undefined;
  readonly problems: readonly FlamingockError[];
}

/** What a change does. */
export interface Behaviour extends Pick<Change, 'wants' | 'construction' | 'rollback' | 'verify'> {
  readonly apply: ChangeMethod | undefined;
}

/** Puts a change together, if nothing is wrong with its parts. */
export function finding(
  source: string,
  attributes: Attributes,
  behaviour: Behaviour,
  problems: ChangeProblems,
): Finding {
  const { id, order, name } = attributes;
  const { apply } = behaviour;
  const found = problems.found;
  if (
    found.length > 0 ||
    id === undefined ||
    order === undefined ||
    name === undefined ||
    apply === undefined
  ) {
    return { source, id, order, change: undefined, problems: found };
  }
  const change = Object.freeze({ ...attributes, ...behaviour, id, order, name, apply, source });
  return { source, id, order, change, problems: found };
}

/** A place that could not be read at all. */
export function unreadable(source: string, problem: FlamingockErrorParts, order?: string): Finding {
  return { source, id: undefined, order, change: undefined, problems: [new FlamingockError(problem)] };
}

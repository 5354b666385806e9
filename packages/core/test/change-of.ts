import type { Change, ChangeMethod, Parameter } from '../src/change/change.js';
import { parseChangeName } from '../src/change/order.js';
import type { Token } from '../src/change/token.js';
import type { AssignedChange } from '../src/plan/assign-target.js';

const nothing: ChangeMethod = { parameters: [], invoke: () => undefined };

/** A change by its file name: `_0002__b` has order 2 and id `b`. */
export function changeOf(name: string, parts: Partial<Change> = {}): Change {
  const parsed = parseChangeName(name);
  if (parsed === undefined) throw new TypeError(name);
  return {
    id: parsed.name,
    ...parsed,
    author: undefined,
    source: `changes/${name}.js`,
    targetSystem: undefined,
    recovery: 'MANUAL_INTERVENTION',
    retry: undefined,
    transactional: undefined,
    resumable: false,
    runBy: 'start',
    environments: undefined,
    deadlineMs: undefined,
    lockTimeoutMs: undefined,
    statementTimeoutMs: undefined,
    revision: undefined,
    construction: { parameters: [], construct: () => undefined },
    apply: nothing,
    rollback: undefined,
    verify: undefined,
    ...parts,
  };
}

/** The same, aimed at `db`. */
export function assignedChange(name: string, parts: Partial<AssignedChange> = {}): AssignedChange {
  return { ...changeOf(name, parts), targetSystem: 'db', runsHere: true, ...parts };
}

/** A method that asks for tokens. */
export function methodOf(...tokens: readonly Token[]): ChangeMethod {
  const parameters = tokens.map((token, index): Parameter => ({
    token,
    position: `apply() parameter ${index + 1}`,
    outside: false,
    optional: false,
  }));
  return { parameters, invoke: () => undefined };
}

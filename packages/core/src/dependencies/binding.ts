import type { Change, ChangeMethod, ChangeMethodName, Parameter } from '../change/change.js';
import type { ChangeContext } from '../change/change-context.js';
import type { BoundClients, Target } from '../target/target.js';
import type { TransactionStrategy } from '../ledger/entry.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { readableError } from '../report/readable-error.js';

/** Where the value of one parameter comes from at the moment of the call. */
export type ValueSource =
  /** The target's own client, or the one bound to the open transaction. */
  | { readonly from: 'target' }
  /** Resolved before anything ran. */
  | { readonly from: 'value'; readonly value: unknown };

/** A change whose dependencies are all known: it can be called. */
export interface BoundChange {
  readonly change: AssignedChange;
  readonly target: Target;
  readonly strategy: TransactionStrategy;
  /** Every client that it was given is covered by the evidence of its target. */
  readonly covered: boolean;
  /** By parameter, for the constructor and each method. */
  readonly sources: ReadonlyMap<Parameter, ValueSource>;
}

/** Constructs the change with its clients. What it throws can be read, as with {@link invoke}. */
export function construct(bound: BoundChange, clients: BoundClients = bound.target): unknown {
  const { construction } = bound.change;
  const values = construction.parameters.map((parameter) => valueOf(bound, parameter, clients));
  try {
    return construction.construct(values);
  } catch (error) {
    throw readableError(error);
  }
}

/**
 * Calls one of a change's methods with its clients.
 *
 * What it throws can be read, see {@link readableError}.
 *
 * @param clients the bound clients of an open transaction; without them the target's plain clients
 * @param instance where it was constructed before
 */
export async function invoke(
  bound: BoundChange,
  name: ChangeMethodName,
  context: ChangeContext,
  clients: BoundClients = bound.target,
  instance: unknown = construct(bound, clients),
): Promise<unknown> {
  const method = methodOf(bound.change, name);
  const values = method.parameters.map((parameter) => valueOf(bound, parameter, clients));
  try {
    return await method.invoke(instance, values, context);
  } catch (error) {
    throw readableError(error);
  }
}

function methodOf(change: Change, name: ChangeMethodName): ChangeMethod {
  const method = change[name];
  if (method === undefined) throw new TypeError(`${change.id} has no ${name}`);
  return method;
}

function valueOf(bound: BoundChange, parameter: Parameter, clients: BoundClients): unknown {
  const source = bound.sources.get(parameter);
  if (source?.from === 'value') return source.value;
  const outside = bound.strategy !== 'NON_TX' && bound.target.transactions?.binds(parameter.token) !== true;
  return (outside ? bound.target : clients).client(parameter.token);
}

import type { ChangeMethod, Parameter } from '../change/change.js';
import { displayName } from '../change/change.js';
import { tokenKey, tokenName } from '../change/token.js';
import { FlamingockError, isFlamingockError } from '../errors.js';
import type { AuditStore } from '../ledger/audit-store.js';
import type { Dependency } from '../options.js';
import type { Token } from '../change/token.js';
import { type AssignedChange, declares, place } from '../plan/assign-target.js';
import type { Target } from '../target/target.js';
import type { BoundChange, ValueSource } from './binding.js';
import type { Container } from './container.js';
import { strategyOf } from '../plan/strategy.js';
import { readableError } from '../report/readable-error.js';

/** Where dependencies come from, asked in this order after the change's own target. */
export interface DependencySources {
  readonly dependencies: readonly Dependency[];
  readonly container: Container | undefined;
  /** Tokens without effects on any system. */
  readonly effectFree: readonly Token[];
  /** Takes secrets out of what a container throws. */
  redact(text: string): string;
}

/**
 * Resolves everything that changes ask for, before anything runs. What is missing or would act outside a
 * transaction is collected in `problems`, for all changes together.
 */
export async function bindChanges(
  changes: readonly AssignedChange[],
  targets: Readonly<Record<string, Target>>,
  store: AuditStore,
  sources: DependencySources,
  problems: FlamingockError[],
): Promise<ReadonlyMap<string, BoundChange>> {
  const bound = new Map<string, BoundChange>();
  for (const change of changes) {
    const target = targets[change.targetSystem];
    if (target === undefined) continue;
    bound.set(change.id, await bindChange(change, target, store, sources, problems));
  }
  return bound;
}

async function bindChange(
  change: AssignedChange,
  target: Target,
  store: AuditStore,
  sources: DependencySources,
  problems: FlamingockError[],
): Promise<BoundChange> {
  const strategy = strategyOf(change, target, store);
  if (change.resumable && store.capabilities.checkpoints !== true)
    problems.push(noCheckpoints(change, store));
  const values = new Map<Parameter, ValueSource>();
  for (const parameter of requiredParameters(change)) {
    try {
      values.set(parameter, await resolve(change, parameter, target, strategy !== 'NON_TX', sources));
    } catch (error) {
      problems.push(
        isFlamingockError(error)
          ? error
          : unavailable(change, parameter, sources.redact(String(readableError(error)))),
      );
    }
  }
  const tokens = [...values.keys()].map((parameter) => parameter.token);
  const actsHere = (token: Token): boolean => target.supplies(token) || declares(target.clients, token);
  // A change that was given no client of its target uses others, which nobody declared.
  const covered =
    tokens.some(actsHere) && tokens.every((token) => actsHere(token) || declares(sources.effectFree, token));
  return { change, target, strategy, covered, sources: values };
}

function requiredParameters(change: AssignedChange): readonly Parameter[] {
  const methods = [change.apply, change.rollback, change.verify].filter(
    (method): method is ChangeMethod => method !== undefined,
  );
  return [...change.construction.parameters, ...methods.flatMap((method) => method.parameters)];
}

async function resolve(
  change: AssignedChange,
  parameter: Parameter,
  target: Target,
  transactional: boolean,
  sources: DependencySources,
): Promise<ValueSource> {
  const { token } = parameter;
  if (transactional && !parameter.outside) {
    if (target.transactions?.binds(token) === true) return { from: 'target' };
    if (!declares(sources.effectFree, token)) throw unbound(change, parameter);
  }
  if (target.supplies(token)) return { from: 'target' };
  const given = sources.dependencies.find((dependency) => tokenKey(dependency.token) === tokenKey(token));
  if (given !== undefined) return { from: 'value', value: given.value };
  const { source, scope } = change;
  const request = { token, change: displayName(change), source, scope, position: parameter.position };
  const found = await sources.container?.resolve(request);
  if (found !== undefined) return { from: 'value', value: found.value };
  if (parameter.optional) return { from: 'value', value: undefined };
  throw unresolved(change, parameter, sources.container);
}

function noCheckpoints(change: AssignedChange, { kind }: AuditStore): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHECKPOINT_INVALID',
    message: `${place(change)} is resumable, and the audit store (${kind}) keeps no checkpoints.`,
    hint: 'Use an audit store that does, or take `resumable` away.',
  });
}

function unbound(change: AssignedChange, parameter: Parameter): FlamingockError {
  const name = tokenName(parameter.token);
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNBOUND',
    message: `${place(change)} runs in a transaction of '${change.targetSystem}', and ${name} (${parameter.position}) is not part of it: what it writes would survive a roll-back.`,
    hint: `Ask for a client of '${change.targetSystem}' instead; mark the parameter with @Outside() (outside: [...]) if it may act outside; list ${name} in effectFree if it has no effects; or say transactional: false.`,
  });
}

function unresolved(
  change: AssignedChange,
  parameter: Parameter,
  container: Container | undefined,
): FlamingockError {
  const asked = [
    'its target system',
    'the given dependencies',
    ...(container === undefined ? [] : [container.name]),
  ];
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    message: `${place(change)} asks for ${tokenName(parameter.token)} (${parameter.position}), which none of ${asked.join(', ')} supplies.`,
    hint: `${container === undefined ? 'Add it to dependencies' : container.hint}, let the target system '${change.targetSystem}' supply it, or mark the parameter as optional.`,
  });
}

function unavailable(change: AssignedChange, parameter: Parameter, reason: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    message: `${place(change)} asks for ${tokenName(parameter.token)} (${parameter.position}), which could not be made: ${reason.split('\n', 1).join()}.`,
    hint: 'Correct the provider, or mark the parameter as optional where the change can do without it.',
  });
}

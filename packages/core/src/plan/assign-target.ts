import type { Change, Parameter } from '../change/change.js';
import { displayName } from '../change/change.js';
import type { Token } from '../change/token.js';
import { tokenKey, tokenName } from '../change/token.js';
import { FlamingockError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { Target } from '../target/target.js';
import { transactionsFor } from './transactions-for.js';

/** A change that knows where it acts. */
export interface AssignedChange extends Change {
  readonly targetSystem: string;
  /** `false`: it is restricted to other environments. Nothing is repeated then, whatever its recovery strategy is elsewhere. */
  readonly runsHere: boolean;
}

/**
 * Gives each change its target system: the one that it names, or the only one that supplies the clients that it
 * asks for. Everything that is wrong is collected in `problems`.
 */
export function assignTargets(
  changes: readonly Change[],
  targets: Readonly<Record<string, Target>>,
  environment: string,
  problems: FlamingockError[],
): readonly AssignedChange[] {
  const assigned: AssignedChange[] = [];
  for (const change of changes) {
    const name =
      change.targetSystem === undefined
        ? inferTarget(change, targets)
        : namedTarget(change, change.targetSystem, targets);
    if (typeof name !== 'string') problems.push(name);
    else {
      const refused = unableTo(change, name, targets[name]);
      if (refused === undefined)
        assigned.push({ ...change, targetSystem: name, ...placed(change, environment) });
      else problems.push(refused);
    }
  }
  return assigned;
}

function namedTarget(
  change: Change,
  name: string,
  targets: Readonly<Record<string, Target>>,
): string | FlamingockError {
  if (Object.hasOwn(targets, name)) return name;
  const similar = nearest(name, Object.keys(targets));
  return new FlamingockError({
    code: 'FLG_TARGET_UNKNOWN',
    message: `${place(change)} names the target system '${name}', which is not configured.`,
    hint: `${similar === undefined ? '' : `Did you mean '${similar}'? `}Configured: ${list(Object.keys(targets))}.`,
  });
}

function inferTarget(change: Change, targets: Readonly<Record<string, Target>>): string | FlamingockError {
  const asked = parametersOf(change).filter((parameter) => !parameter.outside);
  const fitting = Object.entries(targets)
    .filter(([, target]) => asked.some((parameter) => actsOn(target, parameter.token)))
    .map(([name]) => name);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const clients = asked.map((parameter) => tokenName(parameter.token));
  if (only !== undefined) {
    return new FlamingockError({
      code: 'FLG_TARGET_AMBIGUOUS',
      message: `${place(change)} names no target system, and ${list(fitting)} all supply clients that it asks for (${list(clients)}).`,
      hint: `Say which one is meant: @TargetSystem('${only}'), or targetSystem: '${only}' in a definition.`,
    });
  }
  return new FlamingockError({
    code: 'FLG_TARGET_UNDETERMINED',
    message: `${place(change)} names no target system, and ${clients.length === 0 ? 'asks for no client that would tell it' : `none supplies what it asks for (${list(clients)})`}.`,
    hint: `Name one of ${list(Object.keys(targets))} with @TargetSystem(...) or targetSystem.`,
  });
}

/** Everything that a change asks for, whichever part of it asks. */
function parametersOf(change: Change): readonly Parameter[] {
  return [change.construction, change.apply, change.rollback, change.verify].flatMap(
    (part) => part?.parameters ?? [],
  );
}

/** Tells whether a client acts on a target system, supplied by it or declared for it. */
function actsOn(target: Target, token: Token): boolean {
  return (
    target.supplies(token) || target.transactions?.binds(token) === true || declares(target.clients, token)
  );
}

/** Tells whether a list of tokens holds a token. */
export function declares(tokens: readonly Token[], token: Token): boolean {
  return tokens.some((known) => tokenKey(known) === tokenKey(token));
}

/** What the environment makes of a change. */
export function placed(
  { environments, recovery }: Change,
  environment: string,
): Pick<AssignedChange, 'runsHere' | 'recovery'> {
  const runsHere = environments === undefined || environments.includes(environment);
  return { runsHere, recovery: runsHere ? recovery : 'MANUAL_INTERVENTION' };
}

/** What a change asks of its target system that this one has not. */
function unableTo(change: Change, name: string, target: Target | undefined): FlamingockError | undefined {
  const transactions = transactionsFor(change, target);
  if (change.transactional === true && transactions === undefined) return notTransactional(change, name);
  const limited = (['lockTimeoutMs', 'statementTimeoutMs'] as const).filter(
    (limit) => change[limit] !== undefined,
  );
  return limited.length === 0 || transactions?.timeouts === true
    ? undefined
    : noTimeouts(change, name, limited.join(' and '));
}

function noTimeouts(change: Change, target: string, limits: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_INVALID',
    message: `${place(change)} sets ${limits}, which '${target}' cannot keep for it.`,
    hint: 'These limits are kept by the server within a transaction, for instance of PostgreSQL. Set them in the statements of the change itself, or give it a deadlineMs.',
  });
}

function notTransactional(change: Change, target: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_INVALID',
    message: `${place(change)} says transactional: true, but its target system '${target}' has no transactions.`,
    hint: 'Take transactional: true away, or aim the change at a target system that has transactions.',
  });
}

/** A change and where it is written, as messages begin. */
export function place(change: Change): string {
  const name = displayName(change);
  return change.source === name ? name : `${name} (${change.source})`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');
}

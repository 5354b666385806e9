import type { ChangeContext } from './change-context.js';
import type { Token } from './token.js';

/** What happens after an outcome without a proof. */
export type RecoveryStrategy = 'MANUAL_INTERVENTION' | 'ALWAYS_RETRY';

/** How often one run tries a change whose error is called transient, and how long it waits in between. */
export interface RetryPolicy {
  /** In all, the first one included. */
  readonly attempts: number;
  /** Before the second attempt, in milliseconds; doubled before each further one, with jitter. Default 200. */
  readonly backoffMs: number;
  /** The longest wait, in milliseconds. Default 30 000. */
  readonly maxBackoffMs: number;
}

/** How a change wants to be executed. */
export interface Execution {
  readonly recovery: RecoveryStrategy;
  /** `undefined`: one attempt in each run. */
  readonly retry: RetryPolicy | undefined;
  /** `undefined`: as the target system can. */
  readonly transactional: boolean | undefined;
  /** It saves checkpoints and goes on from the last one after a crash. */
  readonly resumable: boolean;
  /** `cli`: no start applies it, only the command line. */
  readonly runBy: 'start' | 'cli';
  /** Where it runs; `undefined`: everywhere. Elsewhere it is skipped. */
  readonly environments: readonly string[] | undefined;
  /** How long one attempt may take, in milliseconds. */
  readonly deadlineMs: number | undefined;
  /** How long a statement of its transaction may wait for a lock, in milliseconds. */
  readonly lockTimeoutMs: number | undefined;
  /** How long a statement of its transaction may take, in milliseconds. */
  readonly statementTimeoutMs: number | undefined;
}

/** What `verify` answers after it has looked at the target system. */
export type Verdict = 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';

/** One thing that a change asks for. */
export interface Parameter {
  readonly token: Token;
  /** Where it stands, for messages: `apply() parameter 1`, `constructor parameter 2`, `inject.registry`. */
  readonly position: string;
  /** The author says that it may act outside the transaction of the change. */
  readonly outside: boolean;
  /** Resolved to `undefined` where nothing supplies it. */
  readonly optional: boolean;
}

/** The parts of a change that can be called. */
export type ChangeMethodName = 'apply' | 'rollback' | 'verify';

/** One callable part of a change, with what it asks for. */
export interface ChangeMethod {
  readonly parameters: readonly Parameter[];
  /**
   * Calls it.
   *
   * @param instance what `construct` made
   * @param values one value for each parameter, in their order
   */
  invoke(instance: unknown, values: readonly unknown[], context: ChangeContext): unknown;
}

/**
 * A change as the engine knows it, whether it was written as a decorated class, a definition or a template.
 * Immutable; holds no client and no state of a run.
 */
export interface Change extends Execution {
  readonly id: string;
  /** Decimal digits without leading zeros, so that `_01__` and `_1__` are the same order. */
  readonly order: string;
  /** The name behind the prefix: `AddPaymentMethodColumn`. */
  readonly name: string;
  readonly author: string | undefined;
  /** Where a person finds it: a file below the directory of changes, or the class or definition of a list. */
  readonly source: string;
  /** Where the container looks first for what it asks for. */
  readonly scope?: unknown;
  readonly targetSystem: string | undefined;
  readonly revision: string | undefined;
  /** What the target system holds afterwards, a line each, for people. */
  readonly wants?: readonly string[];
  readonly construction: {
    readonly parameters: readonly Parameter[];
    construct(values: readonly unknown[]): unknown;
  };
  readonly apply: ChangeMethod;
  readonly rollback: ChangeMethod | undefined;
  readonly verify: ChangeMethod | undefined;
}

/** The name that a change goes by in every line for people: `_0001__AddPaymentMethodColumn`. */
export function displayName(change: Pick<Change, 'order' | 'name'>): string {
  return `_${change.order.padStart(4, '0')}__${change.name}`;
}

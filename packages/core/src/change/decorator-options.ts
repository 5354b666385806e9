import type { RecoveryStrategy } from './change.js';
import type { Token, TokenValue } from './token.js';

/** Names the parameters of a method or constructor where decorator metadata does not. */
export interface ParameterOptions<T extends readonly Token[] = readonly Token[]> {
  /** One token for each parameter, in their order. Default: the types that decorator metadata tells. */
  readonly inject?: T;
  /** Parameters that may act outside the transaction of the change; as `@Outside()`. */
  readonly outside?: readonly Token[];
  /** Parameters that are `undefined` where nothing supplies them; as `@Optional()`. */
  readonly optional?: readonly Token[];
}

/** What `@Change` takes. `inject`, `outside` and `optional` are those of the constructor. */
export interface ChangeOptions<T extends readonly Token[] = readonly Token[]>
  extends ParameterOptions<T>, ExecutionOptions {
  /** Identifies the change in the ledger for ever, whatever it is renamed to. */
  readonly id: string;
  readonly author?: string;
  /** Its place in the sequence, where the class name cannot say it: a minifier renames classes. */
  readonly order?: ChangeOrder;
  /** The author's word on which version of the change this is. */
  readonly revision?: string;
}

/** A place in the sequence. Digits may be longer than a safe integer. */
export type ChangeOrder = number | bigint | string;

/** What happens after an outcome without a proof, and whether one run may try more than once. Times in milliseconds. */
export interface RecoveryOptions {
  readonly strategy: RecoveryStrategy;
  /**
   * With `ALWAYS_RETRY`: how often one run tries the change, 2 to 100, where it or its target calls the error transient.
   * Default 1.
   */
  readonly attempts?: number;
  /** Before the second attempt; doubled before each further one, with jitter. Default 200. */
  readonly backoffMs?: number;
  /** The longest wait between two attempts. Default 30 000. */
  readonly maxBackoffMs?: number;
}

/** How a change is executed, in every form of declaration. Times in milliseconds. */
export interface ExecutionOptions {
  /** What happens after an outcome without a proof. Default `MANUAL_INTERVENTION`. */
  readonly recovery?: RecoveryStrategy | RecoveryOptions;
  /** `false`: not in a transaction, although the target system could. Default: as the target system can. */
  readonly transactional?: boolean;
  /** With `transactional: false`: the change saves checkpoints, and a start after a crash goes on from the last one. */
  readonly resumable?: boolean;
  /** `cli`: too long for a start-up; only the command line applies it, and a start that comes to it fails and says so. */
  readonly runBy?: 'cli';
  /** Where it runs; elsewhere it is recorded as skipped. Default everywhere. */
  readonly environments?: readonly string[];
  /** How long one attempt may take before it is aborted. Default no limit of its own. */
  readonly deadlineMs?: number;
  /** How long a statement of its transaction may wait for a lock. Only where the target system can. */
  readonly lockTimeoutMs?: number;
  /** How long a statement of its transaction may take. Only where the target system can. */
  readonly statementTimeoutMs?: number;
}

/** The arguments that tokens stand for; any, where they are not listed. */
export type ArgumentsOf<T extends readonly Token[]> = number extends T['length']
  ? never[]
  : { -readonly [I in keyof T]: T[I] extends string | symbol ? never : TokenValue<T[I]> };

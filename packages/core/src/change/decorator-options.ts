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
export interface ChangeOptions<T extends readonly Token[] = readonly Token[]> extends ParameterOptions<T> {
  /** Identifies the change in the ledger for ever, whatever it is renamed to. */
  readonly id: string;
  readonly author?: string;
  /** Its place in the sequence, where the class name cannot say it: a minifier renames classes. */
  readonly order?: ChangeOrder;
  /** As `@Recovery`. Default `MANUAL_INTERVENTION`. */
  readonly recovery?: RecoveryStrategy;
  /** `false`: not in a transaction, although the target system could. Default: as the target system can. */
  readonly transactional?: boolean;
  /** The author's word on which version of the change this is. */
  readonly revision?: string;
}

/** A place in the sequence. Digits may be longer than a safe integer. */
export type ChangeOrder = number | bigint | string;

export interface RecoveryOptions {
  readonly strategy: RecoveryStrategy;
}

/** The arguments that tokens stand for; any, where they are not listed. */
export type ArgumentsOf<T extends readonly Token[]> = number extends T['length']
  ? never[]
  : { -readonly [I in keyof T]: T[I] extends string | symbol ? never : TokenValue<T[I]> };

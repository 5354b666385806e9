import { isObject } from '../is-object.js';
import type { Verdict } from './change.js';
import type { ChangeContext } from './change-context.js';
import type { Observation } from './observation.js';
import type { ChangeOrder, ExecutionOptions } from './decorator-options.js';
import type { Token, TokenValue } from './token.js';

const BRAND = Symbol.for('flamingock.definition');

/** What a definition asks for, by the names that it uses. */
export type Injection = Readonly<Record<string, Token>>;

// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- without `inject` there is no client to name
type NoInjection = Readonly<Record<never, Token>>;

/** The clients of a definition: what its tokens stand for, under the same names. */
export type Clients<I extends Injection, O extends string = never> = {
  readonly [K in keyof I]: TokenValue<I[K]> | (K extends O ? undefined : never);
};

/** A change as a plain object. */
export interface ChangeDefinition<
  I extends Injection = Injection,
  O extends string = string,
> extends ExecutionOptions {
  /** Identifies the change in the ledger for ever, whatever it is renamed to. */
  readonly id: string;
  readonly author?: string;
  /** Its place in the sequence, for a definition without a file of its own. */
  readonly order?: ChangeOrder;
  /** Its name, for a definition without a file of its own; `_0002__RegisterOrderEventV2` says the order too. */
  readonly name?: string;
  /** Default: the one target system that supplies what the change asks for. */
  readonly targetSystem?: string;
  /** The author's word on which version of the change this is. */
  readonly revision?: string;
  /**
   * What the target system holds afterwards, a line each, for people: `order-events-value: version 2`. Recorded when it is
   * applied, and shown by `flamingock diff` where it is missing. No secrets.
   */
  readonly wants?: readonly string[];
  /** What the change asks for: a class or a token by each name. Default nothing. */
  readonly inject?: I;
  /** Names of `inject` that may act outside the transaction of the change. */
  readonly outside?: readonly (keyof I & string)[];
  /** Names of `inject` that are `undefined` where nothing supplies them. */
  readonly optional?: readonly O[];

  apply(clients: Clients<I, O>, context: ChangeContext): unknown;
  /** Takes the change back: after a failure outside a transaction, and when it is undone. */
  rollback?(clients: Clients<I, O>, context: ChangeContext): unknown;
  /**
   * Looks at the target system and tells whether the change is applied there. Always asynchronous: with a union the
   * compiler would take the literal `'APPLIED'` for any string.
   */
  verify?(clients: Clients<I, O>, context: ChangeContext): Promise<Verdict | Observation>;
}

/** What {@link defineChange} returns: the default export of a change file, or an entry of a list. */
export interface DefinedChange {
  readonly definition: ChangeDefinition;
}

/**
 * Declares a change as a plain object, fully typed and without decorators. It is checked when it is discovered,
 * together with everything else. In a list, where no file name says them, it needs `order` and `name`.
 *
 * @example
 * export default defineChange({
 *   id: 'register-order-event-v2',
 *   targetSystem: 'schema-registry',
 *   inject: { registry: SchemaRegistryClient, kafka: token<Kafka>('KAFKA') },
 *   async apply({ registry }, { log }) {
 *     log.info(`version ${await registry.register('order-events-value', schema)}`);
 *   },
 * });
 */
export function defineChange<
  const I extends Injection = NoInjection,
  const O extends keyof I & string = never,
>(definition: ChangeDefinition<I, O>): DefinedChange {
  return Object.freeze({ definition: Object.freeze({ ...definition }), [BRAND]: true });
}

/** Tells whether a value was made by {@link defineChange}, of whichever copy of this package. */
export function isDefinedChange(value: unknown): value is DefinedChange {
  return isObject(value) && BRAND in value;
}

import type { Verdict } from './change.js';
import type { Observation } from './observation.js';
import type { ArgumentsOf, ChangeOptions, ParameterOptions, RecoveryOptions } from './decorator-options.js';
import { changeMark, recoveryMark, targetSystemMark } from './marks.js';
import { markMethod } from './mark-method.js';
import type { ChangeMethodDecorator } from './mark-method.js';
import type { Token } from './token.js';

export { Inject, Optional, Outside } from './parameter-decorators.js';

/** A decorator of a class that can be constructed, in both of TypeScript's forms. */
export type ChangeClassDecorator<A extends unknown[] = never[]> = (
  target: new (...args: A) => object,
  context?: ClassDecoratorContext,
) => void;

/**
 * Declares a class to be a change. Its place in the sequence is the prefix of its name or file name, or `order`.
 * The options are checked when the change is discovered, together with everything else.
 *
 * @example
 * @Change({ id: 'add-payment-method-column', author: 'orders-team' })
 * @TargetSystem('orders-db')
 * export class _0001__AddPaymentMethodColumn {
 *   @Apply()
 *   async apply(manager: EntityManager): Promise<void> {}
 * }
 */
export function Change<const T extends readonly Token[] = readonly Token[]>(
  options: ChangeOptions<T>,
): ChangeClassDecorator<ArgumentsOf<T>> {
  return (target) => changeMark.set(target, options);
}

/** Names the target system that the change acts on, as the key that it has in the option `targets`. */
export function TargetSystem(name: string): ChangeClassDecorator {
  return (target) => targetSystemMark.set(target, name);
}

/** Says what happens after an outcome without a proof. Default `MANUAL_INTERVENTION`. */
export function Recovery(options: RecoveryOptions): ChangeClassDecorator {
  return (target) => recoveryMark.set(target, options);
}

/**
 * Marks the method that applies the change. Every change has exactly one.
 *
 * @example
 * // Without decorator metadata, and with standard decorators, the parameters are named:
 * @Apply({ inject: [SchemaRegistryClient, ChangeContext] })
 * async apply(registry: SchemaRegistryClient, context: ChangeContext): Promise<void> {}
 */
export function Apply<const T extends readonly Token[] = readonly Token[]>(
  options: ParameterOptions<T> = {},
): ChangeMethodDecorator<(...args: ArgumentsOf<T>) => unknown> {
  return markMethod('apply', options);
}

/** Marks the method that takes the change back: after a failure outside a transaction, and when it is undone. */
export function Rollback<const T extends readonly Token[] = readonly Token[]>(
  options: ParameterOptions<T> = {},
): ChangeMethodDecorator<(...args: ArgumentsOf<T>) => unknown> {
  return markMethod('rollback', options);
}

/** Marks the method that looks at the target system and tells whether the change is applied there. */
export function Verify<const T extends readonly Token[] = readonly Token[]>(
  options: ParameterOptions<T> = {},
): ChangeMethodDecorator<
  (...args: ArgumentsOf<T>) => Verdict | Observation | Promise<Verdict | Observation>
> {
  return markMethod('verify', options);
}

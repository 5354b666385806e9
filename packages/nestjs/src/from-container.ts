import { FlamingockError, type TypedToken } from '@flamingock/core';
import { isToken } from '@flamingock/core/hosting';
import type { InjectionToken } from '@nestjs/common';

const BRAND = Symbol.for('flamingock.nestjs.from-container');

/** A value of the options that is made of one of the application's own providers. */
export interface FromContainer<T> {
  readonly token: InjectionToken | TypedToken<unknown>;
  make(instance: unknown): T;
}

/**
 * Makes a value of the options of one of the application's own providers. The module that owns the provider
 * neither has to be global nor to export it.
 *
 * @param token as it would be given to `@Inject()`
 * @param factory called with the provider's instance and the remaining arguments
 *
 * Throws `FLG_OPTION_INVALID` where there is no token (a class that is imported in a circle) or no function.
 *
 * @example
 * auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
 * targets: { gateway: fromContainer(ConfigService, (config) => httpTarget({ baseUrl: config.getOrThrow('GATEWAY') })) },
 */
export function fromContainer<I, T, A extends readonly unknown[]>(
  token: InjectionToken<I> | TypedToken<I>,
  factory: (instance: I, ...rest: A) => T,
  ...rest: A
): FromContainer<T> {
  assertMakes(token, factory);
  const value: FromContainer<T> = { token, make: (instance) => factory(instance as I, ...rest) };
  return Object.freeze(Object.defineProperty(value, BRAND, { value: true }));
}

/** Here, where the stack names the line; of a plain JavaScript application. */
function assertMakes(token: unknown, factory: unknown): void {
  if (isToken(token) && typeof factory === 'function') return;
  const what = isToken(token) ? 'the factory is no function' : 'the token is none';
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `fromContainer(): ${what}.`,
    hint: 'Pass a class, a text or a symbol and a function of its instance; a class that is undefined may be imported in a circle.',
  });
}

/** Tells whether a value was made by {@link fromContainer}, by whichever copy of this package. */
export function isFromContainer<T>(value: T | FromContainer<T>): value is FromContainer<T> {
  return typeof value === 'object' && value !== null && BRAND in value;
}

import type { TypedToken } from '@flamingock/core';
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
 * @example
 * auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
 * targets: { gateway: fromContainer(ConfigService, (config) => httpTarget({ baseUrl: config.getOrThrow('GATEWAY') })) },
 */
export function fromContainer<I, T, A extends readonly unknown[]>(
  token: InjectionToken<I> | TypedToken<I>,
  factory: (instance: I, ...rest: A) => T,
  ...rest: A
): FromContainer<T> {
  const value: FromContainer<T> = { token, make: (instance) => factory(instance as I, ...rest) };
  return Object.freeze(Object.defineProperty(value, BRAND, { value: true }));
}

/** Tells whether a value was made by {@link fromContainer}, by whichever copy of this package. */
export function isFromContainer<T>(value: T | FromContainer<T>): value is FromContainer<T> {
  return typeof value === 'object' && value !== null && BRAND in value;
}

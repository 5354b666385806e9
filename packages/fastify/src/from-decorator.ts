const BRAND = Symbol.for('flamingock.fastify.from-decorator');

/** A value of the options that is made of a decorator of the application. */
export interface FromDecorator<T> {
  readonly decorator: string | symbol;
  make(instance: unknown): T;
}

/**
 * Makes a value of the options of what another plugin has decorated the application with. It is looked up when
 * Flamingock is registered, so that plugin comes first.
 *
 * @param decorator its name; `pg.orders` is the member `orders` of the decorator `pg`
 * @param factory called with what stands there and the remaining arguments
 *
 * @example
 * auditStore: fromDecorator('pg', sqlAuditStore),
 * targets: { 'orders-db': fromDecorator('pg.orders', sqlTarget, { identity: 'orders@eu-1' }) },
 * dependencies: [{ token: Mailer, value: fromDecorator('mailer', (mailer: Mailer) => mailer) }],
 */
export function fromDecorator<T, A extends readonly unknown[]>(
  decorator: string | symbol,
  factory: (instance: never, ...rest: A) => T,
  ...rest: A
): FromDecorator<T> {
  const value: FromDecorator<T> = { decorator, make: (instance) => factory(instance as never, ...rest) };
  return Object.freeze(Object.defineProperty(value, BRAND, { value: true }));
}

/** Tells whether a value was made by {@link fromDecorator}, by whichever copy of this package. */
export function isFromDecorator<T>(value: T | FromDecorator<T>): value is FromDecorator<T> {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** A class, usable as a token: what it constructs is what the token stands for. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- constructor parameters are contravariant: only `any` accepts every class
export type Class<T = unknown> = abstract new (...args: any[]) => T;

/** A token that carries the type of what it stands for, made by {@link token}. */
export interface TypedToken<T> {
  readonly key: string | symbol;
  /** Never present at run time: it only carries the type. */
  readonly __type?: T;
}

/**
 * What a dependency is asked for by: a class, a typed token, or the plain string, symbol or function of a container
 * (`getDataSourceToken()` of Nest is typed as `Function`).
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- it is never called, only compared
export type Token<T = unknown> = Class<T> | TypedToken<T> | string | symbol | Function;

/** What a token stands for: an instance of a class, the type that a token carries, `unknown` for a plain key. */
export type TokenValue<T extends Token> =
  T extends Class<infer V> ? V : T extends TypedToken<infer V> ? V : unknown;

/**
 * Names a dependency that has no class of its own.
 *
 * @example
 * const KAFKA = token<Kafka>('KAFKA');
 */
export function token<T>(key: string | symbol): TypedToken<T> {
  return Object.freeze({ key });
}

/** Tells whether a value can be asked for. */
export function isToken(value: unknown): value is Token {
  if (typeof value === 'object' && value !== null) return 'key' in value && isKey(value.key);
  return typeof value === 'function' || isKey(value);
}

/** Two tokens are one when they are the same class or have the same key, so that `token('K')` means `'K'`. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as above
export function tokenKey(value: Token): Function | string | symbol {
  return typeof value === 'object' ? value.key : value;
}

/** The token as a person reads it in a message. */
export function tokenName(value: Token): string {
  const key = tokenKey(value);
  return typeof key === 'function' ? key.name : String(key);
}

function isKey(value: unknown): value is string | symbol {
  return (typeof value === 'string' && value !== '') || typeof value === 'symbol';
}

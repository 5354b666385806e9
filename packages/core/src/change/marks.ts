import type { ChangeMethodName } from './change.js';
import type { ChangeOptions, ParameterOptions, RecoveryOptions } from './decorator-options.js';

/** What `@Apply`, `@Rollback` and `@Verify` leave: on the prototype in the legacy form, on the method in the standard one. */
export interface MethodMark {
  readonly role: ChangeMethodName;
  readonly method: string | symbol;
  readonly options: ParameterOptions;
}

/** What a parameter decorator leaves, on the prototype or, for a constructor, on the class. */
export interface ParameterMark {
  /** `undefined` for a constructor. */
  readonly method: string | symbol | undefined;
  readonly index: number;
  readonly inject?: { readonly token: unknown };
  readonly outside?: true;
  readonly optional?: true;
}

/** One kind of mark. Its key is in the global registry, so that two copies of this package read each other's. */
class Mark<T> {
  readonly #key: symbol;

  constructor(name: string) {
    this.#key = Symbol.for(`flamingock.${name}`);
  }

  set(owner: object, value: T): void {
    Object.defineProperty(owner, this.#key, { value, configurable: true });
  }

  /** The owner's own: a class does not inherit what its base class is. */
  of(owner: object): T | undefined {
    const descriptor = Object.getOwnPropertyDescriptor(owner, this.#key);
    return descriptor?.value as T | undefined;
  }
}

export const changeMark = new Mark<ChangeOptions>('change');
export const targetSystemMark = new Mark<string>('target-system');
export const recoveryMark = new Mark<RecoveryOptions>('recovery');
export const methodMarks = new Mark<readonly MethodMark[]>('methods');
export const parameterMarks = new Mark<readonly ParameterMark[]>('parameters');

/** The decorator that leaves the mark of a role: `@Apply`. */
export function decoratorName(role: ChangeMethodName): string {
  return `@${role.charAt(0).toUpperCase()}${role.slice(1)}`;
}

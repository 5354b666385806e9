import { FlamingockError } from '../errors.js';
import type { ChangeMethodName } from './change.js';
import type { ParameterOptions } from './decorator-options.js';
import { lineage } from './lineage.js';
import { decoratorName, methodMarks } from './marks.js';

/** A decorator of a method of the given shape, in both of TypeScript's forms. */
export interface ChangeMethodDecorator<F extends (...args: never[]) => unknown> {
  <M extends F>(prototype: object, name: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
  (
    method: F,
    context: MethodContext & { readonly kind: 'method'; readonly static: false; readonly private: false },
  ): void;
}

/** What both the compiler and a build without type checking hand over in the standard form. */
interface MethodContext {
  readonly kind: string;
  readonly name: string | symbol;
  readonly static: boolean;
  readonly private: boolean;
  addInitializer(initializer: (this: unknown) => void): void;
}

/**
 * The legacy form hands over the prototype: the mark stands there under the method's name, and other decorators
 * may wrap the method as they like. The standard form hands over only the method, and the mark stands on it.
 */
export function markMethod<F extends (...args: never[]) => unknown>(
  role: ChangeMethodName,
  options: ParameterOptions,
): ChangeMethodDecorator<F> {
  return (owner: object, place: string | symbol | MethodContext) => {
    const name = typeof place === 'object' ? place.name : place;
    const isMethod =
      typeof place === 'object'
        ? place.kind === 'method' && !place.static && !place.private
        : typeof owner !== 'function' && typeof ownValue(owner, place) === 'function';
    if (!isMethod) throw misplaced(role, name);
    methodMarks.set(owner, [...(methodMarks.of(owner) ?? []), { role, method: name, options }]);
    if (typeof place === 'object') place.addInitializer(refuseHidden(role, name, owner));
  };
}

/** In the standard form a decorator that wraps a marked method takes the mark away: a rollback would be lost in silence. */
function refuseHidden(
  role: ChangeMethodName,
  name: string | symbol,
  method: object,
): (this: unknown) => void {
  return function () {
    const prototypes = lineage(Object.getPrototypeOf(this) as object);
    if (prototypes.some((prototype) => ownValue(prototype, name) === method)) return;
    throw new FlamingockError({
      code: 'FLG_CHANGE_INVALID',
      message: `${decoratorName(role)}() of '${String(name)}' is hidden by another decorator of the method.`,
      hint: `Write ${decoratorName(role)}() above the other decorators.`,
    });
  };
}

function misplaced(role: ChangeMethodName, name: string | symbol): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_INVALID',
    message: `${decoratorName(role)}() cannot mark '${String(name)}', which is static, private or no method.`,
    hint: 'Mark a method that every instance of the class has, such as `async apply() {}`.',
  });
}

function ownValue(owner: object, name: string | symbol): unknown {
  return Object.getOwnPropertyDescriptor(owner, name)?.value;
}

import { lineage } from './lineage.js';
import { methodMarks } from './marks.js';
import type { MethodMark } from './marks.js';

/** A marked method, and the prototype that it was marked on. */
export interface MarkedMethod extends MethodMark {
  readonly owner: object;
}

/** The marked methods of a class and its base classes. An override keeps the mark, unless it has one of its own. */
export function findMethods(type: { readonly prototype: object }): readonly MarkedMethod[] {
  const found: MarkedMethod[] = [];
  for (const owner of lineage(type.prototype)) {
    const marks = marksOn(owner).filter((mark) => !found.some((nearer) => nearer.method === mark.method));
    found.push(...marks.map((mark) => ({ ...mark, owner })));
  }
  return found;
}

function marksOn(prototype: object): readonly MethodMark[] {
  const methods = Reflect.ownKeys(prototype).flatMap((key) => {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, key)?.value;
    return typeof value === 'function' ? (methodMarks.of(value) ?? []) : [];
  });
  return [...(methodMarks.of(prototype) ?? []), ...methods];
}

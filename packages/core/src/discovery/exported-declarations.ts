import { isDeclaration } from '../change/declaration.js';
import type { Declaration } from '../change/declaration.js';
import { isObject } from '../is-object.js';

/** A change may be exported under any name, twice, or as `module.exports`, which `import()` shows as `default`. */
export function exportedDeclarations(module: unknown): readonly Declaration[] {
  const exported = valuesOf(module);
  const nested = isObject(module) && 'default' in module ? valuesOf(module.default) : [];
  return [...new Set([module, ...exported, ...nested])].filter(isDeclaration);
}

function valuesOf(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : [];
}

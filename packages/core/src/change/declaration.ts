import { isDefinedChange } from './define-change.js';
import type { DefinedChange } from './define-change.js';
import type { Finding, Origin } from './finding.js';
import { isChangeClass, readClass } from './read-class.js';
import type { ChangeClass } from './read-class.js';
import { readDefinition } from './read-definition.js';

/** A change as its author wrote it. */
export type Declaration = ChangeClass | DefinedChange;

/** Tells whether a value declares a change. */
export function isDeclaration(value: unknown): value is Declaration {
  return isChangeClass(value) || isDefinedChange(value);
}

/** Reads a declaration: the change, or everything that is wrong with it. */
export function readDeclaration(declaration: Declaration, origin: Origin): Finding {
  return isDefinedChange(declaration) ? readDefinition(declaration, origin) : readClass(declaration, origin);
}

/** Where a declaration without a file is found: the name of its class, or `defineChange('id')`. */
export function declarationName(declaration: Declaration): string {
  if (isDefinedChange(declaration)) return `defineChange('${declaration.definition.id}')`;
  return declaration.name === '' ? 'a class without a name' : declaration.name;
}

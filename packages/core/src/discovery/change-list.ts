import { declarationName, isDeclaration, readDeclaration } from '../change/declaration.js';
import { unreadable } from '../change/finding.js';
import type { Finding } from '../change/finding.js';
import { shown } from '../change/shown.js';
import { FlamingockError } from '../errors.js';

/** Reads an explicit list of classes and definitions. Throws `FLG_DIRECTORY_EMPTY`. */
export function readList(list: readonly unknown[]): readonly Finding[] {
  if (list.length === 0) {
    throw new FlamingockError({
      code: 'FLG_DIRECTORY_EMPTY',
      message: 'The list of changes is empty.',
      hint: 'List the classes and definitions that make up the sequence.',
    });
  }
  return list.map((entry, index) => {
    if (isDeclaration(entry)) return readDeclaration(entry, { source: declarationName(entry) });
    const source = `changes[${index}]`;
    return unreadable(source, {
      code: 'FLG_CHANGE_INVALID',
      message: `${source} is ${shown(entry)}, which declares no change.`,
      hint: 'List a class with @Change() as its outermost decorator, or what defineChange() returns.',
    });
  });
}

import { types, inspect } from 'node:util';
import { declarationName, isDeclaration, readDeclaration } from '../change/declaration.js';
import type { Declaration } from '../change/declaration.js';
import { unreadable } from '../change/finding.js';
import type { Finding } from '../change/finding.js';
import type { ChangeName } from '../change/order.js';
import { isObject } from '../is-object.js';
import { loadModule } from './load-module.js';

/** A module file that is named like a change. */
export interface ChangeFile {
  /** Absolute. */
  readonly path: string;
  /** `changes/_0001__AddColumn.js`: the same on every machine. */
  readonly source: string;
  readonly name: ChangeName;
}

/** Imports a change file and reads the one change that it exports. */
export async function readChangeFile({ path, source, name }: ChangeFile): Promise<Finding> {
  let module: unknown;
  try {
    module = await loadModule(path);
  } catch (cause) {
    const problem = {
      code: 'FLG_CHANGE_IMPORT' as const,
      message: `${source}: the file threw while it was imported: ${firstLine(cause)}`,
      hint: importHint(cause),
      cause,
    };
    return unreadable(source, problem, name.order);
  }
  const [declaration, ...others] = declarationsIn(module);
  if (declaration !== undefined && others.length === 0)
    return readDeclaration(declaration, { source, file: name });
  const found = [declaration, ...others].flatMap((one) => (one ? [declarationName(one)] : []));
  const problem = {
    code: 'FLG_CHANGE_MISSING' as const,
    message: `${source}: the file exports ${found.length === 0 ? 'no change' : `${found.length} changes: ${found.join(', ')}`}.`,
    hint: 'Export one class with @Change() as its outermost decorator, or one defineChange(); move everything else out of the directory.',
  };
  return unreadable(source, problem, name.order);
}

/** A change may be exported under any name, twice, or as `module.exports`, which `import()` shows as `default`. */
function declarationsIn(module: unknown): readonly Declaration[] {
  const exported = valuesOf(module);
  const nested = isObject(module) && 'default' in module ? valuesOf(module.default) : [];
  return [...new Set([module, ...exported, ...nested])].filter(isDeclaration);
}

function valuesOf(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : [];
}

function firstLine(cause: unknown): string {
  const text = types.isNativeError(cause) ? String(cause) : inspect(cause, { depth: 0 });
  return text.split('\n', 1).join();
}

function importHint(cause: unknown): string {
  if (isObject(cause) && 'code' in cause && cause.code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return 'Node runs no TypeScript here: name the directory of the build output, or start with a loader for TypeScript.';
  }
  return 'Correct the file; nothing was executed.';
}

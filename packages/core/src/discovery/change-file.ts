import { types } from 'node:util';
import { declarationName, readDeclaration } from '../change/declaration.js';
import type { Declaration } from '../change/declaration.js';
import { unreadable } from '../change/finding.js';
import type { Finding } from '../change/finding.js';
import type { ChangeName } from '../change/order.js';
import { shown } from '../change/shown.js';
import { locationIn } from '../error-location.js';
import { exportedDeclarations } from './exported-declarations.js';

/** Takes secrets out of a text that comes from elsewhere. */
export type Redact = (text: string) => string;

/** How files are read. */
export interface FileReading {
  readonly redact: Redact;
  /** Imports a module file by its absolute path. */
  readonly load: (file: string) => Promise<unknown>;
}

/** A module file that is named like a change. */
export interface ChangeFile {
  /** Absolute. */
  readonly path: string;
  /** `changes/_0001__AddColumn.js`: the same on every machine. */
  readonly source: string;
  readonly name: ChangeName;
}

/** Imports a change file and reads the one change that it exports. */
export async function readChangeFile(
  { path, source, name }: ChangeFile,
  { redact, load }: FileReading,
): Promise<Finding> {
  let declarations: readonly Declaration[];
  try {
    declarations = exportedDeclarations(await load(path));
  } catch (cause) {
    return unreadable(
      source,
      {
        code: 'FLG_CHANGE_IMPORT',
        message: `${source}: the file threw while it was imported: ${redact(firstLine(cause))}${where(cause, source)}`,
        hint: importHint(path),
      },
      name.order,
    );
  }
  const [first, ...others] = declarations;
  if (first !== undefined && others.length === 0) return readDeclaration(first, { source, file: name });
  const names = declarations.map(declarationName);
  return unreadable(
    source,
    {
      code: 'FLG_CHANGE_MISSING',
      message: `${source}: the file exports ${first === undefined ? 'no change' : `${names.length} changes: ${names.join(', ')}`}.`,
      hint: 'Export one class with @Change() as its outermost decorator, or one defineChange(); move everything else out of the directory.',
    },
    name.order,
  );
}

function where(cause: unknown, source: string): string {
  const place = locationIn(cause, source);
  return place === undefined ? '' : `\n  at ${place}`;
}

function firstLine(cause: unknown): string {
  const text = types.isNativeError(cause) ? String(cause) : shown(cause);
  return text.split('\n', 1).join();
}

function importHint(path: string): string {
  const typescript = /\.[cm]?ts$/.test(path)
    ? ' Where Node runs no TypeScript with decorators, name the directory of the build output, or start it with a loader that does.'
    : '';
  return `Correct the file; nothing was executed.${typescript}`;
}

import type { ChangeSourceFile } from './change-files.js';
import { type Casing, casingOf } from './words.js';

/** How the changes of a project are written. */
export interface ChangeStyle {
  readonly form: 'decorated' | 'function';
  /** With the dot: `.ts`. */
  readonly extension: string;
  /** Whether modules are imported, or required. */
  readonly modules: 'esm' | 'commonjs';
  readonly quote: "'" | '"';
  readonly semicolons: boolean;
  readonly indent: string;
  /** Of the part of a file's name behind its order. */
  readonly names: Casing;
  readonly ids: Casing;
  /** Whether a definition also says its name, as one in an explicit list has to. */
  readonly named: boolean;
  /** Whether a decorated method names what it asks for, because no compiler tells. */
  readonly injects: boolean;
  readonly rollback: boolean;
  /** The author of all of them; `undefined` where they have none, or several. */
  readonly author: string | undefined;
}

/** How a change is written where a project has none yet. */
export interface FirstStyle {
  readonly form: ChangeStyle['form'];
  readonly extension: string;
  readonly modules: ChangeStyle['modules'];
  readonly named: boolean;
}

/** The style of a project without a change. */
export function firstStyle({ form, extension, modules, named }: FirstStyle): ChangeStyle {
  return {
    ...{ form, extension, modules, named },
    ...{ quote: "'", semicolons: true, indent: '  ', names: 'pascal', ids: 'kebab' },
    ...{ injects: false, rollback: true, author: undefined },
  };
}

/**
 * What the changes of a project have in common: what the last one that tells does, and of habits that show in every line
 * what most of them do.
 *
 * @param files in their order
 * @param first what stands where none of them tells
 */
export function styleOf(files: readonly ChangeSourceFile[], first: ChangeStyle): ChangeStyle {
  const latest = files.toReversed();
  const last = latest.find(({ text }) => formOf(text) !== undefined);
  if (last === undefined) return first;
  const { text, extension } = last;
  const lines = files.flatMap((file) => file.text.split(/\r?\n/));
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  const form = formOf(text) ?? first.form;
  const authors = new Set(files.map((file) => valueOf(file.text, 'author')));
  const [author] = authors;
  return {
    form,
    extension,
    modules: /\brequire\(/.test(text) && !/^import /m.test(text) ? 'commonjs' : 'esm',
    quote: count(/from "|require\("/) > count(/from '|require\('/) ? '"' : "'",
    semicolons: count(/(?:\bfrom |\brequire\().*;$/) >= count(/(?:\bfrom |\brequire\().*[^;]$/),
    indent:
      lines.map((line) => /^(\t| {2,8})\S/.exec(line)?.[1]).find((found) => found !== undefined) ?? '  ',
    names: firstOf(latest, ({ name }) => casingOf(name)) ?? first.names,
    ids: firstOf(latest, (file) => casingOf(idOf(file) ?? '')) ?? first.ids,
    named: form === 'function' && /\bname:\s*['"`]_\d/.test(text),
    injects: /@Apply\(\s*\{[^}]*\binject:/.test(text),
    rollback: latest.filter((file) => hasRollback(file.text)).length * 2 >= latest.length,
    author: authors.size === 1 ? author : undefined,
  };
}

/** The id that a change gives itself, as far as it can be read. */
export function idOf({ text }: ChangeSourceFile): string | undefined {
  return valueOf(text, 'id');
}

/** The target system that a change names, as far as it can be read. */
export function targetOf({ text }: ChangeSourceFile): string | undefined {
  return /@TargetSystem\(\s*['"`]([^'"`]+)['"`]/.exec(text)?.[1] ?? valueOf(text, 'targetSystem');
}

function formOf(text: string): ChangeStyle['form'] | undefined {
  if (/@Change\(/.test(text)) return 'decorated';
  return /\bdefineChange\(/.test(text) ? 'function' : undefined;
}

function hasRollback(text: string): boolean {
  return /@Rollback\(|\brollback\b\s*[(:]/.test(text);
}

/** What stands behind a key; only a plain text can be read. */
function valueOf(text: string, key: string): string | undefined {
  return new RegExp(`\\b${key}:\\s*['"\`]([^'"\`$]+)['"\`]`).exec(text)?.[1];
}

function firstOf<T>(
  files: readonly ChangeSourceFile[],
  read: (file: ChangeSourceFile) => T | undefined,
): T | undefined {
  for (const file of files) {
    const found = read(file);
    if (found !== undefined) return found;
  }
  return undefined;
}

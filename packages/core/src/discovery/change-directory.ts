import { basename, relative, sep } from 'node:path';
import { unreadable } from '../change/finding.js';
import type { Finding } from '../change/finding.js';
import { compareOrder, parseChangeName } from '../change/order.js';
import { FlamingockError } from '../errors.js';
import { readChangeFile } from './change-file.js';
import type { ChangeFile, FileReading } from './change-file.js';
import { absolutePath, filesBelow } from './directory.js';

const MODULE = /\.[cm]?[jt]s$/;
/** What compilers and tests put beside a module. */
const BESIDE = /(?:\.d\.[cm]?ts|\.(?:test|spec)\.[^.]+|\.map)$/;

/** A file that could be meant as a change. */
interface Candidate {
  readonly path: string;
  /** `changes/_0001__AddColumn.js`: the same on every machine. */
  readonly source: string;
  /** The source without the ending of a module. */
  readonly stem: string;
}

/**
 * Reads every change below a directory, one after the other in their order. Each module file has to be one: a file
 * that is left out in silence would be a change that never runs.
 *
 * Throws `FLG_DIRECTORY_RELATIVE`, `FLG_DIRECTORY_UNREADABLE`, `FLG_DIRECTORY_EMPTY` and `FLG_OPTION_INVALID`.
 */
export async function readDirectory(directory: unknown, reading: FileReading): Promise<readonly Finding[]> {
  const root = absolutePath(directory);
  const paths = (await filesBelow(root)).filter((path) => !BESIDE.test(path)).sort();
  const candidates = paths.map((path): Candidate => {
    const source = [basename(root), ...relative(root, path).split(sep)].join('/');
    return { path, source, stem: source.replace(MODULE, '') };
  });
  const modules = candidates.filter(({ path }) => MODULE.test(path));
  const others = candidates.filter(({ path }) => !MODULE.test(path));

  const findings = unloadable(others, modules);
  const files: ChangeFile[] = [];
  for (const stem of new Set(modules.map((module) => module.stem))) {
    const [first, ...forms] = modules.filter((module) => module.stem === stem);
    const name = parseChangeName(basename(stem));
    if (first === undefined) continue;
    if (name === undefined) findings.push(...[first, ...forms].map(stray));
    else if (forms.length > 0) findings.push(severalForms(first, forms, name.order));
    else files.push({ path: first.path, source: first.source, name });
  }
  for (const file of files.sort((a, b) => compareOrder(a.name.order, b.name.order))) {
    findings.push(await readChangeFile(file, reading));
  }
  if (findings.length > 0) return findings;
  throw new FlamingockError({
    code: 'FLG_DIRECTORY_EMPTY',
    message: `The directory of changes '${root}' holds no module file.`,
    hint: 'Put a file such as _0001__AddColumn.ts there; a build has to bring the changes along.',
  });
}

/** A file with the name of a change may accompany one (`_0001__AddColumn.sql` beside `.js`), but never be one. */
function unloadable(others: readonly Candidate[], modules: readonly Candidate[]): Finding[] {
  const orphans = others.filter(
    ({ source }) =>
      parseChangeName(basename(source)) !== undefined &&
      !modules.some(({ stem }) => source.startsWith(`${stem}.`)),
  );
  return orphans.map(({ source }) =>
    unreadable(source, {
      code: 'FLG_CHANGE_INVALID',
      message: `${source}: the file is named like a change, but is no module.`,
      hint: 'Changes are .js, .mjs, .cjs, .ts, .mts or .cts files; give anything else the name of the change that uses it, or move it.',
    }),
  );
}

function stray({ source }: Candidate): Finding {
  return unreadable(source, {
    code: 'FLG_CHANGE_NAME',
    message: `${source}: the file has no order in its name, and every module file below the directory has to be a change.`,
    hint: 'Name it _0001__AddColumn with its place in the sequence, or move what is no change out of the directory.',
  });
}

function severalForms(first: Candidate, others: readonly Candidate[], order: string): Finding {
  const sources = [first, ...others].map(({ source }) => source).join(' and ');
  return unreadable(
    first.source,
    {
      code: 'FLG_CHANGE_ORDER_DUPLICATE',
      message: `${sources} are one change in several forms; which of them should run is not known.`,
      hint: 'Let the build write into a directory of its own (`outDir`), and name either the sources or the build output.',
    },
    order,
  );
}

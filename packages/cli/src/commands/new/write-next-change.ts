import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { usage } from '../../frame/usage.js';
import type { Invocation } from '../../frame/frame.js';
import { changeFiles, folderOfLast } from '../../sources/change-files.js';
import { idOf, styleOf } from '../../sources/change-style.js';
import { changeText } from '../../sources/change-text.js';
import { joined } from '../../sources/words.js';
import { writeNew } from '../../sources/written-files.js';
import { LOCK_FILE } from '../check/declared-sequence.js';
import { type ChangeProject, changeProject, usualStyle } from './change-project.js';
import { chosenTarget } from './chosen-target.js';
import type { NewOptions } from './new-options.js';
import { nextDigits } from './next-order.js';

/** The change that was written. */
export interface WrittenChange {
  /** From the working directory. */
  readonly path: string;
  readonly id: string;
  readonly displayName: string;
  readonly targetSystem: string | null;
  readonly form: 'decorated' | 'function';
  /** What is left to do for somebody who wants it to run. */
  readonly left: readonly string[];
}

/**
 * Writes the next change. Throws `FLG_USAGE`, `FLG_FILE_NOT_WRITTEN`, and what reading the configuration throws.
 *
 * @param words of its name
 */
export async function writeNextChange(
  words: readonly string[],
  invocation: Invocation<NewOptions>,
): Promise<WrittenChange> {
  const { options, request } = invocation;
  const project = await changeProject(request, options);
  const files = await changeFiles(project.folder);
  const style = styleOf(files, await usualStyle(project));
  const name = joined(words, style.names);
  const id = joined(words, style.ids);
  const taken = files.find((file) => idOf(file) === id);
  if (taken !== undefined)
    throw usage(
      `There is a change with the id '${id}': ${relative(request.directory, taken.path)}.`,
      'Choose another name; an id is there for good.',
    );
  const { targetSystem, client } = await chosenTarget(files, project, invocation);
  const displayName = `_${nextDigits(files, options.numbering, new Date())}__${name}`;
  const folder =
    options.folder === undefined
      ? (folderOfLast(files) ?? project.folder)
      : resolve(request.directory, options.folder);
  const path = join(folder, `${displayName}${style.extension}`);
  const shown = relative(request.directory, path);
  const content = changeText({ id, displayName, targetSystem, client }, style);
  await writeNew([{ path, shown, content }], 'Look at what it holds, and choose another name.');
  return {
    path: shown,
    id,
    displayName,
    targetSystem: targetSystem ?? null,
    form: style.form,
    left: leftToDo(project),
  };
}

function leftToDo({ listed, config }: ChangeProject): readonly string[] {
  const lockFile =
    config === undefined ? undefined : resolve(dirname(config.file), config.changesLock ?? LOCK_FILE);
  return [
    ...(listed ? ['The configuration lists its changes one by one: add this one to the list.'] : []),
    ...(lockFile !== undefined && existsSync(lockFile)
      ? [`Once it is written, \`flamingock check --fix\` gives it its line in ${basename(lockFile)}.`]
      : []),
  ];
}

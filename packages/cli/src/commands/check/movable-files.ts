import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { type ChangeSource, FlamingockError } from '@flamingock/core';
import { fileOf, isNamedLike, type RenumberedChange, renumberedFiles, stemOf } from './change-files.js';
import { placeOf } from './deviations.js';
import type { Git } from './git.js';
import type { Renumbering } from './renumbering.js';

/**
 * What has to be written for changes that get another place. Throws `FLG_CHANGE_NOT_RENUMBERED` for one whose files cannot
 * be renamed safely.
 *
 * @param git `undefined` where there is none
 */
export async function movableFiles(
  places: readonly Renumbering[],
  source: ChangeSource,
  git: Git | undefined,
): Promise<readonly RenumberedChange[]> {
  const moved: RenumberedChange[] = [];
  for (const place of places) {
    const file = fileOf(place.change, source);
    if (file === undefined || stemOf(file) === undefined)
      throw notRenumbered(place, 'its order is not in the name of a file that could be renamed');
    if (git === undefined)
      throw notRenumbered(place, 'there is no Git repository that its files could be taken back from');
    if (!(await git.isSource(file)))
      throw notRenumbered(
        place,
        `${basename(file)} is ignored by Git, so it is no source: name those with --changes`,
      );
    const mentions = (await git.modulesWith(stemOf(file) ?? '')).filter((path) => !isNamedLike(path, file));
    if (mentions.length > 0)
      throw notRenumbered(place, `it is named in ${mentions.map((path) => relative('', path)).join(', ')}`);
    moved.push(await renumberedFiles(place, file));
  }
  const leaving = new Set(moved.flatMap(({ files }) => files.map(({ from }) => from)));
  for (const one of moved)
    for (const { to } of one.files)
      if (existsSync(to) && !leaving.has(to)) throw notRenumbered(one, `${basename(to)} is there already`);
  return moved;
}

function notRenumbered({ change, order }: Renumbering, because: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_NOT_RENUMBERED',
    message: `${placeOf(change)} would have to get the order ${order}, and ${because}. Nothing was written.`,
    hint: 'Renumber it by hand, wherever it is named, and repeat the command.',
  });
}

import { existsSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { FlamingockError } from '@flamingock/core';
import type { Change, Discovery } from '@flamingock/core/desk';
import { notKnown } from '../../frame/usage.js';
import {
  fileOf,
  isNamedLike,
  moveFiles,
  type RenumberedChange,
  renumberedFiles,
  stemOf,
} from './change-files.js';
import type { LockedChange } from './changes-lock.js';
import type { DeclaredSequence } from './declared-sequence.js';
import { type Deviation, deviations, isAbout, lockedForm, placeOf } from './deviations.js';
import { Git } from './git.js';
import { type LockFile, readLockFile, writeLockFile } from './lock-file.js';
import { type Renumbering, renumberings } from './renumbering.js';
import { type ThisSide, type Upstream, upstreamOf } from './upstream.js';

/** What a person has said beside `--fix`. */
export interface FixOptions {
  readonly dryRun: boolean;
  readonly upstream: string | undefined;
  /** Ids of changes that may be gone, renamed, reordered or revised. */
  readonly accept: readonly string[];
}

/** What was written, or would be. */
export interface Fix {
  readonly renumbered: readonly RenumberedChange[];
  /** Lines that are new in `changes.lock`. */
  readonly added: readonly LockedChange[];
  /** What was accepted. */
  readonly accepted: readonly Deviation[];
  /** What stands in the file, is not so any more, and nobody has accepted. */
  readonly open: readonly Deviation[];
  /** Whose lines stay, where the file held a conflict. */
  readonly resolvedWith: string | undefined;
  readonly wroteLock: boolean;
}

/**
 * Brings files and `changes.lock` together: what is new gets a line, and before that another place where it collides with
 * what is not, or stands below it. What is in the file, at the merge base or upstream is never touched.
 *
 * Throws `FLG_CHANGE_NOT_RENUMBERED`, `FLG_CHANGES_LOCK_INVALID`, `FLG_USAGE`; nothing is written then.
 *
 * @param found without any problem but orders that two changes have
 */
export async function fix(sequence: DeclaredSequence, found: Discovery, options: FixOptions): Promise<Fix> {
  const { lockFile, outOfOrder } = sequence;
  const standing = await readLockFile(lockFile);
  const git = await Git.around(dirname(lockFile));
  const declared = new Set(found.changes.map(({ id }) => id));
  const here = { lockFile, conflict: standing.state === 'conflict', declared };
  const upstream = git && (await upstreamOf(git, here, options.upstream));
  const { locked, resolvedWith } = agreed(standing, upstream, here);

  const deviating = deviations(found.changes, locked, outOfOrder);
  const accepted = acceptedOf(deviating, options.accept);
  const open = deviating.filter((deviation) => !accepted.includes(deviation));
  const kept = afterwards(locked, accepted);
  const fresh = freshOf(found.changes, open);
  const movable = fresh.filter(({ id }) => upstream?.settled.has(id) !== true);
  const places = renumberings(
    movable,
    [...kept, ...found.changes.filter((change) => !movable.includes(change))].map(({ order }) => order),
    outOfOrder,
  );
  const renumbered = await filesOf(places, sequence, git);
  const added = fresh.map((change) => {
    const moved = renumbered.find((one) => one.change === change);
    return moved === undefined
      ? lockedForm(change)
      : { ...lockedForm(change), id: moved.id, order: moved.order };
  });
  const lines = [...kept, ...added];
  assertDistinct(lines, upstream);
  const made = { renumbered, added, accepted, resolvedWith };
  const left = open.filter(({ kind }) => kind !== 'unlocked');
  if (options.dryRun) return { ...made, open: left, wroteLock: false };
  const takeBack = await moveFiles(renumbered.flatMap(({ files }) => files));
  try {
    if (renumbered.length > 0) await assertRead(sequence, added);
    const wroteLock = await writeLockFile(lockFile, lines);
    return { ...made, open: left, wroteLock };
  } catch (error) {
    await takeBack();
    throw error;
  }
}

/**
 * The lines that stay. Upstream has the word where the file here says two things, where two sides are meeting, and where a
 * line of upstream is missing here: somebody has kept the wrong side.
 */
function agreed(
  standing: LockFile,
  upstream: Upstream | undefined,
  { lockFile, declared }: ThisSide,
): { readonly locked: readonly LockedChange[]; readonly resolvedWith: string | undefined } {
  const theirs = upstream?.locked;
  if (standing.state === 'read') {
    const ids = new Set(standing.changes.map(({ id }) => id));
    const lost = theirs?.some(({ id }) => declared.has(id) && !ids.has(id)) === true;
    if (theirs === undefined || !(lost || upstream?.decides === true))
      return { locked: standing.changes, resolvedWith: undefined };
    return { locked: theirs, resolvedWith: lost ? upstream?.name : undefined };
  }
  if (theirs !== undefined) return { locked: theirs, resolvedWith: upstream?.name };
  if (standing.state === 'missing') return { locked: [], resolvedWith: undefined };
  throw unknownUpstream(upstream, basename(lockFile));
}

function acceptedOf(found: readonly Deviation[], ids: readonly string[]): readonly Deviation[] {
  const acceptable = found.filter(({ kind }) => kind !== 'unlocked');
  return ids.map((id) => {
    const meant = acceptable.find((deviation) => isAbout(deviation, id));
    if (meant !== undefined) return meant;
    const known = acceptable.flatMap(({ locked }) => locked?.id ?? []);
    throw notKnown('change to accept', id, known);
  });
}

function afterwards(
  locked: readonly LockedChange[],
  accepted: readonly Deviation[],
): readonly LockedChange[] {
  const gone = new Set(accepted.map((deviation) => deviation.locked));
  return [...locked.filter((line) => !gone.has(line)), ...accepted.flatMap(({ declared }) => declared ?? [])];
}

function freshOf(changes: readonly Change[], open: readonly Deviation[]): readonly Change[] {
  const ids = new Set(open.filter(({ kind }) => kind === 'unlocked').map(({ declared }) => declared?.id));
  return changes.filter(({ id }) => ids.has(id));
}

async function filesOf(
  places: readonly Renumbering[],
  { source }: DeclaredSequence,
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

/** Two changes that are settled elsewhere have met at one place; neither of them may be moved. */
function assertDistinct(lines: readonly LockedChange[], upstream: Upstream | undefined): void {
  const twin = lines.find(({ order }, index) => lines.findIndex((line) => line.order === order) !== index);
  if (twin === undefined) return;
  const ids = lines.filter(({ order }) => order === twin.order).map(({ id }) => `'${id}'`);
  throw new FlamingockError({
    code: 'FLG_CHANGE_NOT_RENUMBERED',
    message: `${ids.join(' and ')} have the order ${twin.order}, and ${upstream?.name ?? 'changes.lock'} has settled both. Nothing was written.`,
    hint: 'Renumber the one that fewer environments have applied by hand, and repeat the command with --accept and its id.',
  });
}

/** What was written is read again: a file may say its order in a way that was not found. */
async function assertRead({ discover }: DeclaredSequence, added: readonly LockedChange[]): Promise<void> {
  const { changes, problems } = await discover();
  const [problem] = problems;
  const stray = added.find(
    ({ id, order }) => !changes.some((change) => change.id === id && change.order === order),
  );
  if (problem === undefined && stray === undefined) return;
  throw new FlamingockError({
    code: 'FLG_CHANGE_NOT_RENUMBERED',
    message: `What was renumbered could not be read again, so all of it was taken back: ${problem?.message ?? `there is no '${stray?.id ?? ''}' with the order ${stray?.order ?? ''}`}`,
    hint: 'Renumber it by hand: the name of the file, the name of the class, and the option `order`.',
  });
}

function notRenumbered({ change, order }: Renumbering, because: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_NOT_RENUMBERED',
    message: `${placeOf(change)} would have to get the order ${order}, and ${because}. Nothing was written.`,
    hint: 'Renumber it by hand, wherever it is named, and repeat the command.',
  });
}

/** Without its lines, what upstream has could not be told from what is new. */
function unknownUpstream(upstream: Upstream | undefined, name: string): FlamingockError {
  const where =
    upstream === undefined
      ? 'and nothing tells what is upstream'
      : `and that of ${upstream.name} cannot be read either`;
  return new FlamingockError({
    code: 'FLG_CHANGES_LOCK_INVALID',
    message: `${name} says two things at once, ${where}. Nothing was written.`,
    hint: 'Say whose lines stay, by a branch or a commit whose file is whole: `flamingock check --fix --upstream origin/main`.',
  });
}

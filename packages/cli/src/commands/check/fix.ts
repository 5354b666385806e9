import { dirname } from 'node:path';
import { FlamingockError } from '@flamingock/core';
import type { Change, Discovery } from '@flamingock/core/desk';
import { notKnown } from '../../frame/usage.js';
import type { RenumberedChange } from './change-files.js';
import type { LockedChange } from './changes-lock.js';
import type { DeclaredSequence } from './declared-sequence.js';
import { type Deviation, deviations, isAbout, lockedForm } from './deviations.js';
import { Git } from './git.js';
import { readLockFile, writeLockFile } from './lock-file.js';
import { movableFiles } from './movable-files.js';
import { moveFiles } from './moved-files.js';
import { renumberings } from './renumbering.js';
import { stayingLines } from './staying-lines.js';
import { type Upstream, upstreamOf } from './upstream.js';

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
 * Throws `FLG_CHANGE_NOT_RENUMBERED`, `FLG_CHANGES_LOCK_INVALID`, `FLG_FILE_NOT_WRITTEN`, `FLG_USAGE`; nothing is written
 * then, unless all of it was and only an old text could not be removed.
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
  const { locked, resolvedWith } = stayingLines(standing, upstream, here);

  const deviating = deviations(found.changes, locked, outOfOrder);
  const accepted = [...new Set(acceptedOf(deviating, options.accept))];
  const open = deviating.filter((deviation) => !accepted.includes(deviation));
  const kept = afterwards(locked, accepted);
  const fresh = freshOf(found.changes, open);
  const movable = fresh.filter(({ id }) => upstream?.settled.has(id) !== true);
  const places = renumberings(
    movable,
    [...kept, ...found.changes.filter((change) => !movable.includes(change))].map(({ order }) => order),
    outOfOrder,
  );
  const renumbered = await movableFiles(places, sequence.source, git);
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
  const moved = await moveFiles(renumbered.flatMap(({ files }) => files));
  let wroteLock: boolean;
  try {
    if (renumbered.length > 0) await assertRead(sequence, added);
    wroteLock = await writeLockFile(lockFile, lines);
  } catch (error) {
    await moved.takeBack();
    throw error;
  }
  await moved.settle();
  return { ...made, open: left, wroteLock };
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

import { readLock, type LockedChange } from './changes-lock.js';
import type { Git } from './git.js';

/** What another side has agreed on, which nothing here may renumber. */
export interface Upstream {
  /** As a person would name it. */
  readonly name: string;
  /** What `changes.lock` says there; `undefined` where there is none, or where it cannot be read. */
  readonly locked: readonly LockedChange[] | undefined;
  /** Ids that stand in `changes.lock` there, or where the two sides parted. */
  readonly settled: ReadonlySet<string>;
  /** Its lines stay whatever stands here: a person has named it, or two sides are meeting right now. */
  readonly decides: boolean;
}

/** What is known of this side. */
export interface ThisSide {
  /** The absolute path of `changes.lock`. */
  readonly lockFile: string;
  /** Whether it holds an open conflict. */
  readonly conflict: boolean;
  /** Ids of the changes that are declared. */
  readonly declared: ReadonlySet<string>;
}

/**
 * Whose lines stay where two sides have met: of a merge, the branch that is merged in, and on the main branch the branch
 * itself; of a rebase or a cherry-pick, what is built upon. Elsewhere the main branch of `origin`, or what is committed.
 *
 * Throws `FLG_USAGE` for a name that Git does not know.
 *
 * @param named a branch or a commit, where a person has said it
 */
export async function upstreamOf(
  git: Git,
  { lockFile, conflict, declared }: ThisSide,
  named: string | undefined,
): Promise<Upstream | undefined> {
  const meeting = named ?? (await meetingWith(git));
  const name = meeting ?? (await besides(git, conflict));
  if (name === undefined) return undefined;
  const commit = await git.knownCommit(name);
  const base = await git.mergeBase('HEAD', commit);
  const [locked, before] = await Promise.all([
    lockAt(git, commit, lockFile),
    base === undefined ? undefined : lockAt(git, base, lockFile),
  ]);
  const settled = new Set([...(locked ?? []), ...(before ?? [])].map(({ id }) => id));
  const isHere = base === commit || name === 'MERGE_HEAD';
  // What is new on a branch that was not merged yet has no file here.
  const old = new Set(before?.map(({ id }) => id));
  const lines = isHere ? locked : locked?.filter(({ id }) => declared.has(id) || old.has(id));
  const shown = name === 'MERGE_HEAD' ? ((await git.branchAt(commit)) ?? name) : name;
  return { name: shown, locked: lines, settled, decides: meeting !== undefined };
}

async function meetingWith(git: Git): Promise<string | undefined> {
  if ((await git.commit('MERGE_HEAD')) !== undefined)
    return (await git.isOnMainline()) ? 'HEAD' : 'MERGE_HEAD';
  for (const underWay of ['REBASE_HEAD', 'CHERRY_PICK_HEAD'])
    if ((await git.commit(underWay)) !== undefined) return 'HEAD';
  return undefined;
}

async function besides(git: Git, conflict: boolean): Promise<string | undefined> {
  for (const name of [...(conflict ? [] : ['origin/HEAD']), 'HEAD'])
    if ((await git.commit(name)) !== undefined) return name;
  return undefined;
}

async function lockAt(git: Git, commit: string, file: string): Promise<readonly LockedChange[] | undefined> {
  const text = await git.fileAt(commit, file);
  const read = text === undefined ? undefined : readLock(text);
  return read?.state === 'read' ? read.changes : undefined;
}

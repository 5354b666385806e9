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
}

/**
 * Whose lines stay where two sides have met: of a merge, the branch that is merged in, and on the main branch the branch
 * itself; of a rebase or a cherry-pick, what is built upon. Elsewhere the main branch of `origin`, if there is one.
 *
 * Throws `FLG_USAGE` for a name that Git does not know.
 *
 * @param file the absolute path of `changes.lock`
 * @param named a branch or a commit, where a person has said it
 * @param conflict whether the file holds an open conflict
 */
export async function upstreamOf(
  git: Git,
  file: string,
  named: string | undefined,
  conflict: boolean,
): Promise<Upstream | undefined> {
  const name = named ?? (await meantBy(git, conflict));
  if (name === undefined) return undefined;
  const commit = await git.knownCommit(name);
  const base = await git.mergeBase('HEAD', commit);
  const [locked, before] = await Promise.all([
    lockAt(git, commit, file),
    base === undefined ? undefined : lockAt(git, base, file),
  ]);
  const shown = name === 'MERGE_HEAD' ? ((await git.branchAt(commit)) ?? name) : name;
  return {
    name: shown,
    locked,
    settled: new Set([...(locked ?? []), ...(before ?? [])].map(({ id }) => id)),
  };
}

async function meantBy(git: Git, conflict: boolean): Promise<string | undefined> {
  if ((await git.commit('MERGE_HEAD')) !== undefined)
    return (await git.isOnMainline()) ? 'HEAD' : 'MERGE_HEAD';
  for (const underWay of ['REBASE_HEAD', 'CHERRY_PICK_HEAD'])
    if ((await git.commit(underWay)) !== undefined) return 'HEAD';
  if (conflict) return 'HEAD';
  return (await git.commit('refs/remotes/origin/HEAD')) === undefined ? undefined : 'origin/HEAD';
}

async function lockAt(git: Git, commit: string, file: string): Promise<readonly LockedChange[] | undefined> {
  const text = await git.fileAt(commit, file);
  const read = text === undefined ? undefined : readLock(text);
  return read?.state === 'read' ? read.changes : undefined;
}

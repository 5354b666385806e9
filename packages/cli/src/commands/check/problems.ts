import type { FlamingockError } from '@flamingock/core';
import { assignTargets, type Discovery } from '@flamingock/core/desk';
import type { DeclaredSequence } from './declared-sequence.js';
import { deviations } from './deviations.js';
import { readLockFile, unusable } from './lock-file.js';

/** Everything that is wrong with a declared sequence, and with `changes.lock` beside it. */
export async function problemsOf(
  { lockFile, outOfOrder, made }: DeclaredSequence,
  { changes, problems: unread }: Discovery,
): Promise<readonly FlamingockError[]> {
  const problems = [...unread];
  if (made !== undefined) assignTargets(changes, made.targets, made.environment, problems);
  const lock = await readLockFile(lockFile);
  const unreadable = unusable(lock, lockFile);
  if (unreadable !== undefined) return [...problems, unreadable];
  const locked = lock.state === 'read' ? lock.changes : [];
  const deviating = deviations(changes, locked, outOfOrder)
    // What cannot be read is no change that is gone.
    .filter(({ kind }) => unread.length === 0 || kind !== 'gone');
  return [...problems, ...deviating.map(({ problem }) => problem)];
}

/** Tells whether nothing is wrong but orders that several changes have, each of which could be read. */
export function fixable({ changes, problems }: Discovery): boolean {
  const shared = new Set(
    changes.map(({ order }) => order).filter((order, index, all) => all.indexOf(order) !== index),
  );
  return (
    problems.every(({ code }) => code === 'FLG_CHANGE_ORDER_DUPLICATE') && problems.length <= shared.size
  );
}

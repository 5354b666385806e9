import { basename } from 'node:path';
import { FlamingockError } from '@flamingock/core';
import type { LockedChange } from './changes-lock.js';
import type { LockFile } from './lock-file.js';
import type { ThisSide, Upstream } from './upstream.js';

/**
 * The lines that stay. Upstream has the word where the file here says two things, where two sides are meeting, and where a
 * line of upstream is missing here: somebody has kept the wrong side.
 *
 * Throws `FLG_CHANGES_LOCK_INVALID` where nothing tells.
 */
export function stayingLines(
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

import { type ErrorCode, FlamingockError } from '@flamingock/core';
import { type Change, compareOrder, displayName } from '@flamingock/core/desk';
import { lineOf, type LockedChange } from './changes-lock.js';

/** One way in which the declared sequence is not what `changes.lock` says. */
export interface Deviation {
  readonly kind: 'unlocked' | 'gone' | 'renamed' | 'reordered' | 'revised';
  /** What stands in the file; `undefined`: nothing does. */
  readonly locked: LockedChange | undefined;
  /** What would have to stand there; `undefined`: nothing would. */
  readonly declared: LockedChange | undefined;
  readonly problem: FlamingockError;
}

/**
 * Holds the declared sequence against `changes.lock`: one deviation for each change that is not as the file has it.
 *
 * @param outOfOrder a new change may stand below one that is in the file
 */
export function deviations(
  declared: readonly Change[],
  locked: readonly LockedChange[],
  outOfOrder: boolean,
): readonly Deviation[] {
  const byId = new Map(declared.map((change) => [change.id, change]));
  const lockedIds = new Set(locked.map(({ id }) => id));
  const fresh = new Set(declared.filter(({ id }) => !lockedIds.has(id)));
  const found: Deviation[] = [];
  for (const line of locked) {
    const change = byId.get(line.id);
    if (change === undefined) {
      const heir = [...fresh].find(({ order }) => order === line.order);
      if (heir !== undefined) fresh.delete(heir);
      found.push(heir === undefined ? gone(line) : renamed(line, heir));
    } else if (change.order !== line.order) found.push(reordered(line, change));
    else if (change.revision !== line.revision) found.push(revised(line, change));
  }
  const highest = locked.at(-1);
  for (const change of fresh) {
    const isBelow = highest !== undefined && compareOrder(change.order, highest.order) < 0;
    found.push(isBelow && !outOfOrder ? below(change, highest) : unlocked(change));
  }
  return found;
}

/** A change as it would stand in the file. */
export function lockedForm({ order, id, revision }: Change): LockedChange {
  return { order, id, revision };
}

/** What a word accepts is named by either of the ids that it is about. */
export function isAbout({ locked, declared }: Deviation, id: string): boolean {
  return locked?.id === id || declared?.id === id;
}

/** A change and where it is written, as messages begin. */
export function placeOf(change: Change): string {
  const name = displayName(change);
  return change.source === name ? name : `${name} (${change.source})`;
}

function unlocked(change: Change): Deviation {
  return deviation('unlocked', undefined, change, 'FLG_CHANGE_UNLOCKED', {
    message: `${placeOf(change)} has no line in changes.lock, so no other branch would conflict with it.`,
    hint: 'Write it with `flamingock check --fix`, and commit it together with the change.',
  });
}

function below(change: Change, highest: LockedChange): Deviation {
  return deviation('unlocked', undefined, change, 'FLG_CHANGE_BELOW_LOCKED', {
    message: `${placeOf(change)} is new, and stands below '${highest.id}' with the order ${highest.order}, which other environments may have applied.`,
    hint: 'Give it the next order with `flamingock check --fix`, so that every environment sees the same sequence.',
  });
}

function gone(line: LockedChange): Deviation {
  return deviation('gone', line, undefined, 'FLG_CHANGE_GONE', {
    message: `'${line.id}' stands in changes.lock with the order ${line.order}, and is not declared any more.`,
    hint: `Put it back. An environment that has applied it refuses to start without it, unless it lies below the lowest change that is left; one that has not never gets it. ${acceptHint(line.id)}`,
  });
}

function renamed(line: LockedChange, change: Change): Deviation {
  return deviation('renamed', line, change, 'FLG_CHANGE_RENAMED', {
    message: `${placeOf(change)} has the id '${change.id}', and changes.lock has '${line.id}' in its place.`,
    hint: `Restore the id. An environment that has applied '${line.id}' refuses to start, and any other one applies '${change.id}' as a change of its own. ${acceptHint(line.id)}`,
  });
}

function reordered(line: LockedChange, change: Change): Deviation {
  return deviation('reordered', line, change, 'FLG_CHANGE_REORDERED', {
    message: `${placeOf(change)} has the order ${change.order}, and changes.lock has '${line.id}' with the order ${line.order}.`,
    hint: `Restore the order. An environment that has applied it does not apply it again, and refuses whatever is pending below its new place; any other one sees another sequence. ${acceptHint(line.id)}`,
  });
}

function revised(line: LockedChange, change: Change): Deviation {
  const { revision = 'none' } = change;
  return deviation('revised', line, change, 'FLG_CHANGE_REVISED', {
    message: `${placeOf(change)} has the revision ${revision}, and changes.lock says: ${lineOf(line)}.`,
    hint: `Restore it, and declare what is new as a change of its own. An environment that has applied it with another revision refuses to start; any other one applies it as it is now. ${acceptHint(line.id)}`,
  });
}

function acceptHint(id: string): string {
  return `If it is meant: \`flamingock check --fix --accept ${id}\`.`;
}

function deviation(
  kind: Deviation['kind'],
  locked: LockedChange | undefined,
  change: Change | undefined,
  code: ErrorCode,
  told: { readonly message: string; readonly hint: string },
): Deviation {
  const declared = change === undefined ? undefined : lockedForm(change);
  return { kind, locked, declared, problem: new FlamingockError({ code, ...told }) };
}

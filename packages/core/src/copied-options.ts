import { isDeclaration } from './change/declaration.js';
import { isObject } from './is-object.js';
import type { ChangeDeclaration, ChangeGroup, ChangeSource, FlamingockOptions } from './options.js';

/**
 * The options with lists and objects of their own: what the application does to its own afterwards changes nothing that was
 * validated. What stands in them (clients, targets, changes) stays the application's.
 */
export function copiedOptions<T extends FlamingockOptions>(options: T): T {
  const { targets, changes, dependencies, effectFree, secrets, environments } = options;
  return {
    ...options,
    targets: { ...targets },
    changes: copiedSource(changes),
    ...(dependencies && { dependencies: dependencies.map((dependency) => ({ ...dependency })) }),
    ...(effectFree && { effectFree: [...effectFree] }),
    ...(secrets && { secrets: [...secrets] }),
    ...(environments && { environments: { ...environments } }),
  };
}

/** What is wrong within it is told when it is read. */
function copiedSource(source: ChangeSource): ChangeSource {
  if (Array.isArray(source)) return (source as readonly Entry[]).map(copiedEntry);
  return isObject(source) && 'directory' in source ? { ...source } : source;
}

type Entry = ChangeDeclaration | ChangeGroup;

function copiedEntry(entry: Entry): Entry {
  return !isDeclaration(entry) && isObject(entry) && 'changes' in entry
    ? { ...entry, changes: copiedSource(entry.changes) }
    : entry;
}

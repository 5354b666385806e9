import { compareOrder } from '../change/order.js';
import type { Change } from '../change/change.js';
import { isFlamingockError } from '../errors.js';
import type { FlamingockError } from '../errors.js';
import { heldLoader } from '../desk/held-starts.js';
import { isObject } from '../is-object.js';
import type { ChangeSource } from '../options.js';
import type { Redact } from './change-file.js';
import { readDirectory } from './change-directory.js';
import { readList } from './change-list.js';
import type { ReadSource } from './change-list.js';
import { duplicates } from './duplicates.js';
import { loadModule } from './load-module.js';

/** What was declared, and everything that is wrong with it. */
export interface Discovery {
  /** In their order; complete only where there are no problems. */
  readonly changes: readonly Change[];
  readonly problems: readonly FlamingockError[];
}

/**
 * Finds the declared changes. Nothing stops at the first problem, and no change is executed or constructed.
 *
 * @param redact takes secrets out of what a file throws while it is imported
 */
export async function discover(source: ChangeSource, redact: Redact): Promise<Discovery> {
  const readSource: ReadSource = async (part, place) => {
    try {
      return isList(part)
        ? await readList(part, place, readSource)
        : await readDirectory(directoryOf(part), { redact, load: loaderOf(part) });
    } catch (error) {
      if (!isFlamingockError(error)) throw error;
      return [{ source: place, id: undefined, order: undefined, change: undefined, problems: [error] }];
    }
  };
  const findings = await readSource(source, 'changes');
  const changes = findings.flatMap(({ change }) => change ?? []);
  return {
    changes: changes.sort((a, b) => compareOrder(a.order, b.order)),
    problems: [...findings.flatMap(({ problems }) => problems), ...duplicates(findings)],
  };
}

function isList(source: ChangeSource): source is Extract<ChangeSource, readonly unknown[]> {
  return Array.isArray(source);
}

function loaderOf(source: Exclude<ChangeSource, readonly unknown[]>): (file: string) => Promise<unknown> {
  return (isObject(source) ? source.load : undefined) ?? heldLoader() ?? loadModule;
}

/** What is no directory either is told by whoever reads it. */
function directoryOf(source: unknown): unknown {
  return isObject(source) && 'directory' in source ? source.directory : source;
}

import { declarationName, isDeclaration, readDeclaration } from '../change/declaration.js';
import { unreadable } from '../change/finding.js';
import type { Finding } from '../change/finding.js';
import { shown } from '../change/shown.js';
import { FlamingockError } from '../errors.js';
import { isObject } from '../is-object.js';
import { unknownKeys } from '../known-keys.js';
import type { ChangeGroup, ChangeSource } from '../options.js';

/** Reads what a group of a list holds. */
export type ReadSource = (source: ChangeSource, place: string) => Promise<readonly Finding[]>;

/**
 * Reads an explicit list of classes, definitions and groups. Throws `FLG_DIRECTORY_EMPTY`.
 *
 * @param place for messages: `changes`, and `changes[2].changes` of a group
 */
export async function readList(
  list: readonly unknown[],
  place: string,
  readSource: ReadSource,
): Promise<readonly Finding[]> {
  if (list.length === 0) {
    throw new FlamingockError({
      code: 'FLG_DIRECTORY_EMPTY',
      message: `The list of changes is empty${place === 'changes' ? '' : ` (${place})`}.`,
      hint: 'List the classes and definitions that make up the sequence.',
    });
  }
  const findings: Finding[] = [];
  for (const [index, entry] of list.entries()) {
    const source = `${place}[${index}]`;
    if (isDeclaration(entry)) findings.push(readDeclaration(entry, { source: declarationName(entry) }));
    else if (isGroup(entry)) findings.push(...(await readGroup(entry, source, readSource)));
    else
      findings.push(
        unreadable(source, {
          code: 'FLG_CHANGE_INVALID',
          message: `${source} is ${shown(entry)}, which declares no change.`,
          hint: 'List a class with @Change() as its outermost decorator, or what defineChange() returns.',
        }),
      );
  }
  return findings;
}

function isGroup(entry: unknown): entry is ChangeGroup {
  return isObject(entry) && 'changes' in entry;
}

async function readGroup(group: ChangeGroup, source: string, readSource: ReadSource): Promise<Finding[]> {
  const problems = unknownKeys(group, ['changes', 'scope'], source);
  const findings = await readSource(group.changes, `${source}.changes`);
  return [
    { source, id: undefined, order: undefined, change: undefined, problems },
    ...findings.map((finding): Finding => {
      const { change } = finding;
      // A group within this one has said where its own changes belong.
      return change === undefined
        ? finding
        : { ...finding, change: Object.freeze({ ...change, scope: change.scope ?? group.scope }) };
    }),
  ];
}

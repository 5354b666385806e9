import { expect } from '@jest/globals';
import type { Change } from '../src/change/change.js';
import type { Finding } from '../src/change/finding.js';
import { readClass } from '../src/change/read-class.js';
import type { ChangeClass } from '../src/change/read-class.js';

/** Reads a class as a change file exports it. */
export function read(type: ChangeClass, file?: { order: string; name: string }): Finding {
  return readClass(type, { source: 'changes/_0001__X.js', ...(file && { file }) });
}

/** The change that a class without any problem declares. */
export function declaredBy(type: ChangeClass): Change {
  const { change, problems } = read(type);
  expect(problems).toEqual([]);
  if (change === undefined) throw new Error('no change');
  return change;
}

/** Code, message and hint of everything that is wrong. */
export function wrong(type: ChangeClass, file?: { order: string; name: string }): readonly string[] {
  const { change, problems } = read(type, file);
  expect(change).toBeUndefined();
  return problems.map((problem) => problem.message);
}

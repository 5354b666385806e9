import { expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { memoryTarget } from '../memory/memory-target.js';
import type { AssignedChange } from './assign-target.js';
import { declarationOf } from './declaration.js';

const target = memoryTarget();
const targets = { db: target };
const change: AssignedChange = { ...changeOf('_0001__a'), targetSystem: 'db', runsHere: true };
const declared = declarationOf([change], targets);

test('the same declaration is the same, whatever its changes do', () => {
  expect(declarationOf([{ ...change, source: 'elsewhere.ts', author: 'somebody' }], { ...targets })).toBe(
    declared,
  );
});

test.each<[string, Partial<AssignedChange>]>([
  ['id', { id: 'b' }],
  ['order', { order: '2' }],
  ['revision', { revision: '2' }],
  ['target system', { targetSystem: 'other' }],
  ['restriction', { runsHere: false }],
])('another %s makes another declaration', (_what, parts) => {
  expect(declarationOf([{ ...change, ...parts }], targets)).not.toBe(declared);
});

test('another identity of a target system makes another declaration', () => {
  expect(declarationOf([change], { db: { ...target, identity: 'orders@eu-1' } })).not.toBe(declared);
});

test('another number of changes makes another declaration', () => {
  expect(declarationOf([], targets)).not.toBe(declared);
  expect(declarationOf([change, change], targets)).not.toBe(declared);
});

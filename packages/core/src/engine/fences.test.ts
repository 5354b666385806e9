import { expect, test } from '@jest/globals';
import { shownByFence } from './fences.js';
import type { ChangeEntry } from '../ledger/entry.js';

const open = { sequence: 7 } as ChangeEntry;

test.each([
  ['was committed', { begun: 7, applied: 7 }, 'done'],
  ['was not begun', { begun: 4, applied: 4 }, 'not-done'],
  ['was begun, and ended its transaction by itself: nothing', { begun: 7, applied: 4 }, undefined],
  ['was followed by an adoption, which has written over it: nothing', { begun: 9, applied: 9 }, undefined],
])('a fence shows of an open execution that it %s', (_what, fence, shown) => {
  expect(shownByFence(open, fence)).toBe(shown);
});

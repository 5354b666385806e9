import { expect, test } from '@jest/globals';
import { ledgerOf } from '../../test/ledger-of.js';
import { checkpointFloor } from './checkpoint-floor.js';
import { fold } from './fold.js';

const of = { id: 'a', targetSystem: 'db' };

test.each([
  ['an undo', { changeId: 'a', kind: 'undo', state: 'UNDONE' }, 3],
  ['an undo that has only begun', { changeId: 'a', kind: 'undo', state: 'STARTED' }, 3],
  ["a person's word", { changeId: 'a', kind: 'resolution', state: 'MANUALLY_ROLLED_BACK' }, 3],
  ['a rollback', { changeId: 'a', state: 'ROLLED_BACK' }, 3],
  ['a failure', { changeId: 'a', state: 'FAILED' }, 0],
  ['a rollback of another change', { changeId: 'b', state: 'ROLLED_BACK' }, 0],
] as const)('%s', (_what, entry, floor) => {
  const entries = ledgerOf({ changeId: 'a', state: 'STARTED' }, entry, { changeId: 'a', state: 'STARTED' });
  expect(checkpointFloor(fold(entries), of)).toBe(floor);
});

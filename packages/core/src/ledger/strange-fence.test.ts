import { expect, test } from '@jest/globals';
import { ledgerOf, runEntry } from '../../test/ledger-of.js';
import type { EpochEntry } from './entry.js';
import { fold } from './fold.js';
import { seal } from './seal.js';
import { strangeFence } from './strange-fence.js';

/** Two announced changes, entries 2 and 3; a new epoch, entry 4; and one more, entry 5. */
const entries = ledgerOf(
  { changeId: 'a', state: 'STARTED', strategy: 'TX_SEPARATE' },
  { changeId: 'b', state: 'STARTED', strategy: 'TX_SEPARATE' },
);
const epoch: EpochEntry = {
  ...runEntry(4, entries.at(-1)?.hash),
  kind: 'epoch',
  applied: [],
  actor: 'jane',
  reason: 'dropped',
};
const before = fold(entries);
const after = fold([seal(epoch)], before);

test.each([
  ['nothing', { begun: 0, applied: 0 }, undefined],
  ['what this ledger has announced', { begun: 3, applied: 2 }, undefined],
  ['what it has not', { begun: 9, applied: 3 }, { found: 'ahead', sequence: 9 }],
] as const)('a fence that shows %s', (_what, shown, strange) => {
  expect(strangeFence(before, shown)).toEqual(strange);
});

test('what was announced in an earlier epoch is of the past, also where the ledger is read on', () => {
  expect(strangeFence(after, { begun: 3, applied: 2 })).toEqual({ found: 'past', sequence: 3 });
  expect(strangeFence(after, { begun: 5, applied: 2 })).toEqual({ found: 'ahead', sequence: 5 });
  expect(fold([...entries, seal(epoch)])).toEqual(after);
});

import { expect, test } from '@jest/globals';
import { type EntryLike, ledgerOf } from '../../test/ledger-of.js';
import { fold } from './fold.js';

const a = (
  state: 'STARTED' | 'APPLIED' | 'FAILED' | 'ROLLED_BACK',
  proof: 'none' | 'rollback' | 'rejected',
): EntryLike => ({
  changeId: 'a',
  strategy: 'NON_TX',
  state,
  proof,
});

test.each<[string, number, readonly EntryLike[]]>([
  ['what was applied', 2, [a('STARTED', 'none'), a('APPLIED', 'none')]],
  ['what nobody can prove', 3, [a('STARTED', 'none'), a('FAILED', 'none')]],
  ['what is proven to have had no effect', 0, [a('STARTED', 'none'), a('FAILED', 'rejected')]],
  [
    'what was rolled back: a system set back may hold it again',
    3,
    [a('STARTED', 'none'), a('ROLLED_BACK', 'rollback')],
  ],
])('a target system that is behind may have lost %s', (_what, effect, entries) => {
  expect(fold(ledgerOf(...entries)).changes.get('a')?.effect).toBe(effect);
});

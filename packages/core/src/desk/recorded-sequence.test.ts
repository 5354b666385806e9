import { expect, test } from '@jest/globals';
import type { HashedEntry } from '../engine/ledger-history.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { recordedSequence } from './recorded-sequence.js';

function entry(sequence: number, changeId: string, told: Partial<ChangeEntry>): HashedEntry {
  return {
    ...{ sequence, at: sequence * 1000, previousHash: '', hash: String(sequence) },
    ...{ executionId: 'e', instanceId: 'i', host: 'h', processId: 1 },
    ...{
      kind: 'execution',
      changeId,
      order: changeId,
      name: `C${changeId}`,
      state: 'APPLIED',
      proof: 'none',
    },
    ...{ targetSystem: 'db', strategy: 'NON_TX', recovery: 'MANUAL_INTERVENTION', attempt: 1, source: 'x' },
    ...told,
  };
}

test('each change stands where its last entry says, in the order of the sequence', () => {
  const sequence = recordedSequence([
    entry(1, '10', { revision: '2' }),
    entry(2, '9', { state: 'FAILED' }),
    entry(3, '9', { state: 'APPLIED' }),
    entry(4, '11', { state: 'FAILED' }),
  ]);
  expect(sequence).toEqual([
    expect.objectContaining({ id: '9', displayName: '_0009__C9', applied: { at: 3000, sequence: 3 } }),
    expect.objectContaining({ id: '10', version: '2', applied: { at: 1000, sequence: 1 } }),
    expect.objectContaining({ id: '11', state: 'FAILED', applied: undefined }),
  ]);
});

test.each([
  ['a list of texts', ['topic orders'], ['topic orders']],
  ['a text', 'topic orders', []],
  ['a list of something else', ['topic orders', { topic: 'orders' }], []],
])('what a change wants, of a ledger that says %s', (_case, wants, taken) => {
  const [change] = recordedSequence([entry(1, '1', { metadata: { wants } })]);
  expect(change?.wants).toEqual(taken);
});

test('of what a change wants, a ledger gives as much as can be read', () => {
  const wants = ['x'.repeat(1000), ...Array<string>(25).fill('topic orders')];
  const [change] = recordedSequence([entry(1, '1', { metadata: { wants } })]);
  expect(change?.wants[0]).toHaveLength(300);
  expect(change?.wants.slice(20)).toEqual(['and 6 more']);
});

test('an undo takes the word back, and one that did nothing leaves it as it was', () => {
  const [undone, kept] = recordedSequence([
    entry(1, '1', {}),
    entry(2, '2', {}),
    entry(3, '2', { kind: 'undo', state: 'APPLIED' }),
    entry(4, '1', { kind: 'undo', state: 'UNDONE' }),
  ]);
  expect(undone).toMatchObject({ state: 'UNDONE', applied: undefined });
  expect(kept).toMatchObject({ state: 'APPLIED', applied: { sequence: 2 } });
});

import { describe, expect, test } from '@jest/globals';
import { ledgerOf } from '../../test/ledger-of.js';
import type { LedgerContent } from './audit-store.js';
import type { StoredEntry } from './entry.js';
import { EMPTY_LEDGER, fold } from './fold.js';
import { viewAfter, viewOf } from './ledger-view.js';

const LEDGER = ledgerOf('a', 'b', 'c', { changeId: 'c', kind: 'undo', state: 'UNDONE' });
const known = fold(LEDGER.slice(0, 3));

function contentOf(entries: readonly StoredEntry[], after: number, highestSequence = 0): LedgerContent {
  const above = entries.filter(({ sequence }) => sequence > after);
  const preceding = entries.length - above.length;
  return { initialised: true, entries: above, preceding, lock: undefined, highestSequence, now: 1 };
}

/** A ledger, and what was asked of it. */
function reader(entries: readonly StoredEntry[], highestSequence = 0) {
  const asked: number[] = [];
  const read = async (after: number): Promise<LedgerContent> => {
    asked.push(after);
    return contentOf(entries, after, highestSequence);
  };
  return { asked, read };
}

const without = (sequence: number): readonly StoredEntry[] =>
  LEDGER.filter((entry) => entry.sequence !== sequence);

describe('a ledger that is read on', () => {
  test('comes to what a reading from its beginning comes to, without its older entries', async () => {
    const { asked, read } = reader(LEDGER);
    const view = await viewAfter(known, read);
    expect(view).toEqual(viewOf(contentOf(LEDGER, 0)));
    expect(asked).toEqual([2]);
  });

  test('is known as before where it has not grown', async () => {
    const { state } = await viewAfter(known, reader(LEDGER.slice(0, 3)).read);
    expect(state).toBe(known);
  });

  test('is read from its beginning where nothing is known', async () => {
    const { asked, read } = reader(LEDGER);
    expect((await viewAfter(EMPTY_LEDGER, read)).state.highestSequence).toBe(5);
    expect(asked).toEqual([0]);
  });

  test('is read from its beginning where it is another one by now', async () => {
    const other = ledgerOf('x', 'y', 'z');
    const { asked, read } = reader(other);
    expect([...(await viewAfter(known, read)).state.changes.keys()]).toEqual(['x', 'y', 'z']);
    expect(asked).toEqual([2, 0]);
  });

  test('is read from its beginning where it was set back as a whole', async () => {
    const view = await viewAfter(known, reader(LEDGER.slice(0, 2)).read);
    expect([...view.state.changes.keys()]).toEqual(['a']);
  });

  test.each([
    ['below what is known', without(2), 0],
    ['at the head that is known', without(3), 0],
    ['above it', without(4), 0],
    ['at its end', LEDGER.slice(0, 4), 5],
    ['altogether', [], 5],
  ])('is refused where something is missing %s', async (_where, entries, highestSequence) => {
    await expect(viewAfter(known, reader(entries, highestSequence).read)).rejects.toMatchObject({
      code: 'FLG_LEDGER_INCOMPLETE',
    });
  });
});

test('entries that are folded onto others leave those as they were', () => {
  fold(LEDGER.slice(3), known);
  expect(known).toEqual(fold(LEDGER.slice(0, 3)));
});

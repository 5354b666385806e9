import { describe, expect, test } from '@jest/globals';
import { ledgerOf } from '../../test/ledger-of.js';
import { columnsOf, verifyChain } from './chain.js';
import type { StoredEntry } from './entry.js';
import { hashOf, unseal } from './seal.js';

type Ledger = readonly StoredEntry[];

const whole = ledgerOf('a', 'b', { changeId: 'c', state: 'FAILED', error: { name: 'E', message: 'm' } });
const without = (ledger: Ledger, sequence: number): Ledger => ledger.filter((e) => e.sequence !== sequence);
const edited = (sequence: number, edit: (entry: StoredEntry) => Partial<StoredEntry>): Ledger =>
  whole.map((entry) => (entry.sequence === sequence ? { ...entry, ...edit(entry) } : entry));

/** The same ledger with other contents, every hash made anew: only somebody who kept the old head can tell. */
function rewritten(): Ledger {
  return ledgerOf('a', 'x', 'c');
}

describe('the chain', () => {
  test('is intact as it was written', () => {
    const last = whole.at(-1);
    const anchor = { sequence: last?.sequence ?? 0, hash: last?.hash ?? '' };
    const columns = whole.map((stored) => columnsOf(unseal(stored)));
    expect(verifyChain(whole, { highestSequence: whole.length, anchor, columns })).toEqual({ intact: true });
    expect(verifyChain([])).toEqual({ intact: true });
  });

  const fields = whole.flatMap((stored) =>
    Object.keys(unseal(stored)).map((field) => [stored.sequence, field] as const),
  );

  test.each(fields)('an edit of entry %i, field %s, is found and named', (sequence, field) => {
    const edit = ({ text }: StoredEntry): Partial<StoredEntry> => ({
      text: JSON.stringify({ ...(JSON.parse(text) as object), [field]: 'edited' }),
    });
    expect(verifyChain(edited(sequence, edit))).toMatchObject({ intact: false, sequence });
  });

  test.each(fields.filter(([sequence]) => sequence < whole.length))(
    'an edit of entry %i, field %s, with a fitting hash is found at the latest by the entry after it',
    (sequence, field) => {
      const edit = ({ text: before }: StoredEntry): Partial<StoredEntry> => {
        const text = JSON.stringify({ ...(JSON.parse(before) as object), [field]: 'edited' });
        return { text, hash: hashOf(text) };
      };
      const verdict = verifyChain(edited(sequence, edit));
      expect(verdict.intact).toBe(false);
      expect([sequence, sequence + 1]).toContain(verdict.intact ? undefined : verdict.sequence);
    },
  );

  test.each<[string, number, Ledger]>([
    ['a deletion in the middle', 3, without(whole, 2)],
    ['a deletion at the beginning', 2, without(whole, 1)],
    ['a deletion at the end', 4, without(whole, 4)],
    ['everything gone', 1, []],
    ['an insertion', 2, whole.flatMap((e) => (e.sequence === 2 ? [e, e] : [e]))],
    ['a swap', 3, [whole[0], whole[2], whole[1], whole[3]].filter((e) => e !== undefined)],
    ['a swap of the texts', 2, edited(2, () => ({ text: whole[2]?.text ?? '', hash: whole[2]?.hash ?? '' }))],
    ['a text that was destroyed', 2, edited(2, () => ({ text: '{' }))],
    [
      'a text that was destroyed, with a fitting hash',
      2,
      edited(2, () => ({ text: '{', hash: hashOf('{') })),
    ],
  ])('%s is found and named', (_what, sequence, ledger) => {
    expect(verifyChain(ledger, { highestSequence: 4 })).toMatchObject({ intact: false, sequence });
  });

  test.each(['kind', 'changeId', 'state', 'executionId', 'at'] as const)(
    'a column that does not say what the text says is found: %s',
    (name) => {
      const columns = whole.map((stored) => columnsOf(unseal(stored)));
      const stray = columns.map((row) => (row.sequence === 3 ? { ...row, [name]: 'edited' } : row));
      expect(verifyChain(whole, { columns: stray })).toMatchObject({
        intact: false,
        sequence: 3,
        reason: expect.stringContaining(name),
      });
    },
  );

  test('a rewritten chain is found against an anchored head, and only against it', () => {
    const head = whole[2];
    const anchor = { sequence: 3, hash: head?.hash ?? '' };
    expect(verifyChain(rewritten(), { highestSequence: 4 })).toEqual({ intact: true });
    expect(verifyChain(rewritten(), { anchor })).toMatchObject({ intact: false, sequence: 3 });
    expect(verifyChain(whole, { anchor })).toEqual({ intact: true });
  });
});

import { describe, expect, test } from '@jest/globals';
import { ledgerOf, runEntry } from '../../test/ledger-of.js';
import { verifyChain } from './chain.js';
import { hashOf, seal, unseal } from './seal.js';

describe('a sealed entry', () => {
  test('has one canonical text, whatever the order of its members', () => {
    const entry = runEntry(1);
    const reversed = Object.fromEntries(Object.entries(entry).reverse()) as unknown as typeof entry;
    expect(seal(reversed).text).toBe(seal(entry).text);
    expect(seal(entry).hash).toBe(hashOf(seal(entry).text));
  });

  test('leaves out what databases cannot store, before it is hashed', () => {
    const sealed = seal({ ...runEntry(1), host: 'a\u0000b\uD800c\uDC00d\u{1F600}' });
    expect(unseal(sealed)).toMatchObject({ host: 'abcd\u{1F600}' });
    expect(sealed.text).not.toContain('\\u');
  });

  test('leaves out members that are undefined', () => {
    const sealed = seal({ ...runEntry(1), metadata: { here: 1, gone: undefined } });
    expect(unseal(sealed)).toMatchObject({ metadata: { here: 1 } });
    expect(sealed.text).not.toContain('gone');
  });
});

test('an entry whose text was destroyed is told with its sequence', () => {
  expect(() => unseal({ sequence: 7, text: '{"kind":', hash: '' })).toThrow(/FLG_LEDGER_UNREADABLE: Entry 7/);
});

describe('the chain', () => {
  test('is intact as it was written', () => {
    expect(verifyChain(ledgerOf('a', 'b', 'c'))).toEqual({ intact: true });
    expect(verifyChain([])).toEqual({ intact: true });
  });

  test.each([
    [
      'an edit',
      2,
      (texts: ReturnType<typeof ledgerOf>) =>
        texts.map((e) => (e.sequence === 2 ? { ...e, text: e.text.replace('APPLIED', 'FAILED') } : e)),
    ],
    [
      'an edit with a fitting hash',
      3,
      (texts: ReturnType<typeof ledgerOf>) =>
        texts.map((e) => {
          if (e.sequence !== 2) return e;
          const text = e.text.replace('APPLIED', 'FAILED');
          return { ...e, text, hash: hashOf(text) };
        }),
    ],
    ['a gap', 3, (texts: ReturnType<typeof ledgerOf>) => texts.filter((e) => e.sequence !== 2)],
    [
      'a swap',
      3,
      (texts: ReturnType<typeof ledgerOf>) =>
        [texts[0], texts[2], texts[1], texts[3]].filter((e) => e !== undefined),
    ],
    [
      'an insertion',
      2,
      (texts: ReturnType<typeof ledgerOf>) => texts.flatMap((e) => (e.sequence === 2 ? [e, e] : [e])),
    ],
  ])('%s is found and named', (_what, sequence, tamper) => {
    const verdict = verifyChain(tamper(ledgerOf('a', 'b', 'c')));
    expect(verdict).toMatchObject({ intact: false, sequence });
  });
});

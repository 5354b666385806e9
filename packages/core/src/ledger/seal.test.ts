import { describe, expect, test } from '@jest/globals';
import { runEntry } from '../../test/ledger-of.js';
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

import { expect, test } from '@jest/globals';
import type { HashedEntry } from '@flamingock/core/desk';
import { entryFilter } from './entry-filter.js';

const entry = {
  ...{ sequence: 1, at: Date.UTC(2026, 0, 31), previousHash: '', hash: 'a' },
  ...{ executionId: 'e', instanceId: 'i', host: 'h', processId: 1 },
  ...{ kind: 'execution', changeId: 'add-totals', order: '2', name: 'AddTotals', state: 'FAILED' },
  ...{ proof: 'none', targetSystem: 'db', strategy: 'NON_TX', recovery: 'MANUAL_INTERVENTION' },
  ...{ attempt: 1, source: 'x' },
} as HashedEntry;

test('an entry is meant where it is all that was said', () => {
  expect(entryFilter({})(entry)).toBe(true);
  expect(entryFilter({ state: 'failed', change: 'add-totals', since: '2026-01-31' })(entry)).toBe(true);
  expect(entryFilter({ state: 'failed', change: 'other' })(entry)).toBe(false);
  expect(entryFilter({ before: '2026-01-31' })(entry)).toBe(false);
});

test('a mistyped state is refused, in place of finding nothing', () => {
  expect(() => entryFilter({ state: 'faild' })).toThrow(/FLG_USAGE.*Did you mean 'FAILED'\?/s);
  expect(() => entryFilter({ state: 'constructor' })).toThrow(/FLG_USAGE/);
});

import { expect, test } from '@jest/globals';
import type { HashedEntry } from '@flamingock/core/desk';
import { exported } from './entry-export.js';

const entry: HashedEntry = {
  kind: 'run',
  sequence: 1,
  at: 0,
  previousHash: '',
  executionId: 'e',
  instanceId: 'i',
  host: 'pod, one',
  processId: 7,
  hash: 'abc',
  metadata: { actor: 'jane', reason: '=HYPERLINK("x")' },
};

test('a spreadsheet gets cells that are quoted, and no formula out of what people wrote', () => {
  const [head, row] = exported([entry], 'csv').split('\r\n');
  expect(head).toMatch(/^sequence,time,kind,/);
  expect(row).toContain('"pod, one"');
  expect(row).toContain(`,jane,"'=HYPERLINK(""x"")",`);
});

test('NDJSON holds everything of an entry, one a line', () => {
  const [line, rest] = exported([entry], 'ndjson').split('\n');
  expect([JSON.parse(line ?? ''), rest]).toEqual([entry, '']);
});

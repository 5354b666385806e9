import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { documentOf } from './document.mjs';
import { formatted } from './formatted.mjs';
import { DOCUMENT, keptResults } from './results.mjs';

test('docs/performance.md is what the kept results say, and nothing else', async () => {
  const results = keptResults();
  expect(existsSync(DOCUMENT)).toBe(results.length > 0);
  if (results.length > 0)
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(await formatted(documentOf(results), 'markdown'));
});

test('a target that was missed is told', () => {
  const targets = [
    { what: 'statements', measured: 1, limit: 1, met: true },
    { what: 'MB', measured: 60, limit: 50, met: false },
  ];
  const machine = {
    processor: 'a processor',
    cores: 2,
    gigabytes: 8,
    platform: 'linux',
    node: 'v20.20.2',
    server: 'PostgreSQL 15.18',
  } as const;
  const document = documentOf([
    {
      bench: 'memory',
      date: '2026-01-01',
      machine,
      entries: 10,
      processes: [{ what: 'an empty process', megabytes: 41 }],
      targets,
      ok: false,
    },
  ]);
  expect(document).toContain('| an empty process | 41 |');
  expect(document).toContain('| MB | 60 | 50 | **missed** |');
  expect(document).toContain('| statements | 1 | 1 | reached |');
});

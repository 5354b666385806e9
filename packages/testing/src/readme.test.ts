import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { AUDIT_STORE_ABILITIES } from './audit-store/abilities.js';
import { TARGET_ABILITIES } from './target/abilities.js';

test('the README lists every ability with what it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (.*?) +\|/gm)].map(([, name, meaning]) => [
    name,
    meaning,
  ]);
  expect(rows).toEqual(
    expect.arrayContaining([...Object.entries(AUDIT_STORE_ABILITIES), ...Object.entries(TARGET_ABILITIES)]),
  );
});

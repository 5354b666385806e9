import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Outcome } from './fixtures/report-run.mjs';
import { readLedger } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('./fixtures/five-changes.mjs', import.meta.url));

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

it('eight processes that start at once on one SQLite file apply five changes once, and all become ready', async () => {
  const database = new Database(sandbox.path('orders.db'));
  database.exec('CREATE TABLE effects (name text NOT NULL)');
  const children = Array.from({ length: 8 }, (_, index) =>
    sandbox.start(`process ${index + 1}`, [FIXTURE, '--directory', sandbox.directory]),
  );
  await Promise.all(children.map((child) => child.line(/^at the line$/)));
  await writeFile(sandbox.path('go'), '');

  const outcomes = await Promise.all(
    children.map(async (child) => JSON.parse((await child.line(/^\{.*\}$/))[0]) as Outcome),
  );
  await Promise.all(
    children.map((child) => expect(child.exited).resolves.toEqual({ code: 0, signal: null })),
  );

  expect(outcomes.map(({ message }) => message)).toEqual(Array<string>(8).fill(''));
  expect(outcomes.filter(({ outcome }) => outcome === 'applied')).toEqual([
    expect.objectContaining({ applied: [1, 2, 3, 4, 5].map((order) => `change-${order}`) }),
  ]);
  expect(outcomes.filter(({ outcome }) => outcome === 'waited' || outcome === 'up-to-date')).toHaveLength(7);

  expect(database.prepare('SELECT name FROM effects ORDER BY rowid').pluck().all()).toEqual([
    'change-1',
    'change-3',
    'change-5',
  ]);
  expect(readFileSync(sandbox.path('effects.txt'), 'utf8')).toBe('change-2\nchange-4\n');
  database.close();
  await expect(readLedger(sandbox.path('orders.db'))).resolves.toEqual([
    'change-1 APPLIED transaction',
    'change-2 APPLIED none',
    'change-3 APPLIED transaction',
    'change-4 APPLIED none',
    'change-5 APPLIED transaction',
  ]);
}, 60_000);

import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createFlamingock, defineChange } from '@flamingock/core';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import Database from 'better-sqlite3';
import { sampleAuditStoreHarness, sampleTargetHarness } from './fixtures/third-party/harnesses.js';
import { sampleAuditStore } from './fixtures/third-party/sample-audit-store.js';
import { Documents, sampleTarget } from './fixtures/third-party/sample-target.js';

describe("somebody else's audit store keeps the contract", () => {
  for (const { name, run } of auditStoreContract()) test(name, () => run(sampleAuditStoreHarness));
});

describe("somebody else's target keeps the contract", () => {
  for (const { name, run } of transactionalTargetContract()) test(name, () => run(sampleTargetHarness));
});

test('the README of the contracts shows what runs here', () => {
  const plain = (text: string): string => text.replaceAll(/^ +/gm, '');
  const text = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
  const [stores = ''] = text('../packages/testing/README.md').split('## A framework integration of your own');
  const shown = [...stores.matchAll(/^```ts\n(.*?)^```$/gms)];
  expect(shown).toHaveLength(2);
  const runs = plain(text('fixtures/third-party/harnesses.ts') + text('third-party.test.ts'));
  const [harness = '', loops = ''] = shown.map(([, code = '']) => plain(code));
  expect(runs).toContain(harness);
  for (const loop of loops.trim().split('\n')) expect(runs).toContain(loop);
});

test('both together run a sequence, and share its transactions', async () => {
  const database = new Database(':memory:');
  database.exec('CREATE TABLE documents (name TEXT PRIMARY KEY, body TEXT NOT NULL)');
  const change = (id: string, fails = false): ReturnType<typeof defineChange> =>
    defineChange({
      id,
      name: `_${id}__AddDocument`,
      inject: { documents: Documents },
      apply({ documents }) {
        documents.add(id, 'a body');
        if (fails) throw new Error('the change failed');
      },
    });
  const start = (...changes: ReturnType<typeof defineChange>[]): Promise<unknown> =>
    createFlamingock({
      service: 'orders',
      environment: 'test',
      auditStore: sampleAuditStore(database),
      targets: { documents: sampleTarget(database) },
      changes,
      logger: false,
    }).run();
  const names = (): unknown => database.prepare('SELECT name FROM documents ORDER BY name').pluck().all();

  await expect(start(change('1'), change('2', true))).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
  expect(names()).toEqual(['1']);
  await expect(start(change('1'), change('2'))).resolves.toMatchObject({
    applied: [{ id: '2', proof: 'transaction' }],
  });
  expect(names()).toEqual(['1', '2']);
});

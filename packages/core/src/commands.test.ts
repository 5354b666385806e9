import { expect, test } from '@jest/globals';
import { defineChange } from './change/define-change.js';
import { createFlamingock } from './create-flamingock.js';
import type { Flamingock } from './flamingock.js';
import { memoryAuditStore } from './memory/memory-store.js';
import { memoryTarget, MemoryValues } from './memory/memory-target.js';

const WHO = { actor: 'jane', reason: 'hunter2 is the password' } as const;

function made(
  apply: (flamingock: Flamingock) => unknown = () => undefined,
  auditStore = memoryAuditStore(),
): Flamingock {
  const flamingock: Flamingock = createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore,
    environments: { test: { disposable: true } },
    targets: { db: memoryTarget() },
    changes: [
      defineChange({
        id: 'a',
        name: '_0001__A',
        targetSystem: 'db',
        inject: { values: MemoryValues },
        async apply() {
          await apply(flamingock);
        },
        async rollback({ values }) {
          values.set('a', false);
        },
        verify: async () => 'APPLIED',
      }),
    ],
    secrets: ['hunter2'],
    logger: false,
  });
  return flamingock;
}

test('a person undoes, and applies again; the readiness of the instance is that of its runs', async () => {
  const flamingock = made();
  await flamingock.run();
  await expect(flamingock.verify()).resolves.toMatchObject({ ok: true });
  await expect(flamingock.undo({ last: true, ...WHO })).resolves.toMatchObject({ undone: [{ id: 'a' }] });
  expect(flamingock.readiness()).toMatchObject({ ready: true });
  await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_CHANGE_HELD' });
  await expect(flamingock.run({ by: 'cli' })).resolves.toMatchObject({ applied: [{ id: 'a' }] });
  const { entries, chain } = await flamingock.history();
  expect(entries.filter(({ kind }) => kind === 'undo')).toMatchObject([
    { state: 'STARTED', actor: 'jane', reason: '*** is the password' },
    { state: 'UNDONE', actor: 'jane' },
  ]);
  expect(chain).toMatchObject({ intact: true });
});

test('a target that was made anew is adopted, and what it has lost comes back', async () => {
  const store = memoryAuditStore();
  await made(undefined, store).run();
  const flamingock = made(undefined, store);
  await expect(flamingock.adopt('db', { ...WHO, inDoubt: 'ROLLED_BACK' })).resolves.toMatchObject({
    found: 'behind',
    inDoubt: ['a'],
  });
  await expect(flamingock.run()).resolves.toMatchObject({ applied: [{ id: 'a' }] });
});

test('after its databases were dropped, a person begins a new epoch, in an environment for development', async () => {
  const store = memoryAuditStore();
  await made(undefined, store).run();
  const flamingock = made(undefined, store);
  await expect(flamingock.reset(WHO)).resolves.toMatchObject({ applied: ['a'] });
  await expect(flamingock.run()).resolves.toMatchObject({ applied: [{ id: 'a' }] });
  await expect(flamingock.redo('a', WHO)).resolves.toMatchObject({
    undone: [{ id: 'a' }],
    applied: [{ id: 'a' }],
  });
  const { entries, chain } = await flamingock.history();
  expect(entries.filter(({ kind }) => kind === 'epoch')).toMatchObject([
    { actor: 'jane', reason: '*** is the password', applied: ['a'] },
  ]);
  expect(chain).toMatchObject({ intact: true });
});

test.each<[string, (flamingock: Flamingock) => Promise<unknown>]>([
  ['issues()', (flamingock) => flamingock.issues()],
  ['issue()', (flamingock) => flamingock.issue('a')],
  ['resolve()', (flamingock) => flamingock.resolve('a', { as: 'APPLIED', ...WHO })],
  ['undo()', (flamingock) => flamingock.undo({ last: true, ...WHO })],
  ['redo()', (flamingock) => flamingock.redo('a', WHO)],
  ['adopt()', (flamingock) => flamingock.adopt('db', WHO)],
  ['reset()', (flamingock) => flamingock.reset(WHO)],
  ['verify()', (flamingock) => flamingock.verify()],
])('%s is refused inside a change and on a closed instance', async (_what, command) => {
  let inside: unknown;
  const flamingock = made(async (engine) => {
    inside = await command(engine).catch((error: unknown) => error);
  });
  await flamingock.run();
  expect(inside).toMatchObject({ code: 'FLG_INSIDE_CHANGE' });
  await flamingock.close();
  await expect(command(flamingock)).rejects.toMatchObject({ code: 'FLG_CLOSED' });
});

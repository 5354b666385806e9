import { expect, test } from '@jest/globals';
import { createFlamingock } from '../create-flamingock.js';
import { defineChange } from '../change/define-change.js';
import type { Flamingock } from '../flamingock.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { target } from '../target/generic-target.js';
import { createGate, type Gate } from './gate.js';

function engine(
  apply: () => unknown = () => undefined,
  changes = [defineChange({ id: 'a', name: '_0001__A', targetSystem: 'flags', apply })],
): Flamingock {
  return createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { flags: target({ clients: [] }) },
    changes,
    logger: false,
  });
}

function gate(flamingock: Flamingock): Gate {
  return createGate(flamingock, { openPaths: ['/health/live'] }, 'gate()');
}

test('is closed until the sequence is complete', async () => {
  let inTheMiddle: unknown;
  const flamingock = engine(() => {
    inTheMiddle = before.refuse({ method: 'GET', url: '/orders' });
  });
  const before = gate(flamingock);
  expect(before.refuse({ method: 'GET', url: '/orders' })).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '5' },
  });
  await flamingock.run();
  expect(inTheMiddle).toMatchObject({ statusCode: 503 });
  expect(before.refuse({ method: 'GET', url: '/orders' })).toBeUndefined();
});

test('lets the readiness probe and open paths through', () => {
  const closed = gate(engine());
  expect(closed.refuse({ method: 'GET', url: '/health/ready' })).toBeUndefined();
  expect(closed.refuse({ method: 'GET', url: '/health/live?verbose' })).toBeUndefined();
  expect(
    createGate(engine(), { readinessPath: false }, 'gate()').refuse({ method: 'GET', url: '/health/ready' }),
  ).toBeDefined();
});

test('stays closed where the sequence fails', async () => {
  const flamingock = engine(() => {
    throw new Error('full');
  });
  const closed = gate(flamingock);
  await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
  expect(closed.refuse({ method: 'GET', url: '/orders' })).toMatchObject({
    body: { detail: expect.stringContaining('could not') },
  });
});

test('stays closed after a run that was to end before the end of the sequence', async () => {
  const changes = ['a', 'b'].map((id, order) =>
    defineChange({ id, order, name: id, targetSystem: 'flags', apply: () => undefined }),
  );
  const flamingock = engine(undefined, changes);
  const closed = gate(flamingock);
  await flamingock.run({ by: 'cli', until: 'a' });
  expect(flamingock.readiness()).toMatchObject({ ready: false, applied: 1, pending: 1 });
  expect(closed.refuse({ method: 'GET', url: '/orders' })).toMatchObject({ statusCode: 503 });
  await flamingock.run();
  expect(closed.refuse({ method: 'GET', url: '/orders' })).toBeUndefined();
});

test('stays open while the engine is closed: what still arrives is served', async () => {
  const flamingock = engine();
  const open = gate(flamingock);
  await flamingock.run();
  await flamingock.close();
  expect(flamingock.readiness().ready).toBe(false);
  expect(open.refuse({ method: 'GET', url: '/orders' })).toBeUndefined();
});

test('is open at once before an engine that is ready', async () => {
  const flamingock = engine();
  await flamingock.run();
  expect(gate(flamingock).refuse({ method: 'GET', url: '/orders' })).toBeUndefined();
});

test('refuses options that it does not know, all problems together', () => {
  const make = (): unknown =>
    createGate(engine(), { openPath: '/live', retryAfterSeconds: -1 } as object, 'gate()');
  expect(make).toThrow(/gate\(\) does not know the option 'openPath'[^]*openPaths[^]*retryAfterSeconds must/);
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import { defineChange } from '../change/define-change.js';
import { createFlamingock } from '../create-flamingock.js';
import type { Flamingock } from '../flamingock.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { ChangeDeclaration } from '../options.js';
import { target } from '../target/generic-target.js';
import { type Desk, openDesk } from './desk.js';
import { holdStarts } from './held-starts.js';

class Registry {
  fails = false;
}

const PERSON = { actor: 'jane', reason: 'looked at it' };
const registry = new Registry();

const CHANGES: readonly ChangeDeclaration[] = [
  defineChange({
    id: 'first',
    order: 1,
    name: 'First',
    targetSystem: 'orders-db',
    inject: { values: MemoryValues },
    apply: () => Promise.resolve(),
  }),
  defineChange({
    id: 'second',
    order: 2,
    name: 'Second',
    targetSystem: 'registry',
    inject: { client: Registry },
    apply: ({ client }) => (client.fails ? Promise.reject(new Error('lost')) : Promise.resolve()),
  }),
  defineChange({
    id: 'third',
    order: 3,
    name: 'Third',
    targetSystem: 'registry',
    apply: () => Promise.resolve(),
  }),
];

let database: MemoryDatabase;
beforeEach(() => {
  database = new MemoryDatabase();
  registry.fails = false;
});

const service = (environment = 'production'): Flamingock =>
  createFlamingock({
    service: 'orders',
    environment,
    environments: { production: {}, staging: {} },
    auditStore: memoryAuditStore(database),
    targets: { 'orders-db': memoryTarget(new MemoryDatabase()), registry: target({ clients: [Registry] }) },
    dependencies: [{ token: Registry, value: registry }],
    changes: CHANGES,
    logger: false,
  });

const desk = (changes?: readonly ChangeDeclaration[]): Desk =>
  openDesk({
    service: 'orders',
    environment: 'production',
    auditStore: memoryAuditStore(database),
    ...(changes === undefined ? {} : { changes }),
  });

describe('the desk', () => {
  test('tells where each change stands, without any target system', async () => {
    expect((await desk(CHANGES).status()).changes.map(({ standing }) => standing)).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    registry.fails = true;
    await expect(service().run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    const { changes, declared, problems, lastRun } = await desk(CHANGES).status();
    expect(changes.map(({ id, standing }) => [id, standing])).toEqual([
      ['first', 'applied'],
      ['second', 'blocked'],
      ['third', 'pending'],
    ]);
    expect([declared, problems, lastRun?.applied, lastRun?.failed]).toEqual([
      true,
      [],
      ['first'],
      ['second'],
    ]);
  });

  test('tells who began the epoch that it speaks of; what was before is not spoken of', async () => {
    const local = createFlamingock({
      service: 'orders',
      environment: 'production',
      environments: { production: { disposable: true } },
      auditStore: memoryAuditStore(database),
      targets: { 'orders-db': memoryTarget(), registry: target({ clients: [Registry] }) },
      dependencies: [{ token: Registry, value: registry }],
      changes: CHANGES,
      logger: false,
    });
    await service().run();
    expect((await desk(CHANGES).status()).epoch).toBeUndefined();
    const { sequence } = await local.reset(PERSON);
    const { changes, epoch } = await desk(CHANGES).status();
    expect(epoch).toMatchObject({ sequence, ...PERSON });
    expect(changes.map(({ standing }) => standing)).toEqual(['pending', 'pending', 'pending']);
  });

  test('tells without any code what the ledger knows, and resolves an issue', async () => {
    registry.fails = true;
    await expect(service().run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    const { changes, declared } = await desk().status();
    expect([declared, changes.map(({ id, standing }) => [id, standing])]).toEqual([
      false,
      [
        ['first', 'applied'],
        ['second', 'blocked'],
      ],
    ]);
    const [issue] = await desk().issues();
    expect(issue?.missingProof).toContain('nobody has asked its code, which is not at hand');
    await desk().resolve('second', { as: 'APPLIED', ...PERSON, expected: issue?.sequence ?? 0 });
    await expect(desk().issues()).resolves.toEqual([]);
    await expect(service().run()).resolves.toMatchObject({ applied: [{ id: 'third' }] });
  });

  test('tells why it does not know what is declared', async () => {
    const broken = openDesk({
      service: 'orders',
      environment: 'production',
      auditStore: memoryAuditStore(database),
      changes: { directory: '/does/not/exist' },
    });
    const { declared, unknownBecause } = await broken.status();
    expect([declared, unknownBecause?.code]).toEqual([false, 'FLG_DIRECTORY_UNREADABLE']);
  });

  test('takes a lock away from whom the person was shown, and records who did it', async () => {
    await service().run();
    const session = await memoryAuditStore(database).openSession();
    const { key } = desk();
    const lease = { owner: 'holder', host: 'gone', processId: 7, leaseMs: 60_000 };
    await session.acquire(key, lease);
    const release = (expected: string) => desk().releaseLock({ ...PERSON, expected });
    await expect(release('another')).rejects.toMatchObject({ code: 'FLG_LOCK_RELEASE_REFUSED' });
    await expect(release('holder')).resolves.toMatchObject({ wasHeld: true, released: { host: 'gone' } });
    await expect(session.renew(key, lease, 0)).resolves.toBeUndefined();
    await expect(release('holder')).rejects.toMatchObject({ code: 'FLG_LOCK_RELEASE_REFUSED' });
    const { entries, chain } = await desk().history();
    expect(entries.at(-1)).toMatchObject({
      kind: 'run',
      tookOverFrom: 'holder',
      metadata: { command: 'lock release', ...PERSON },
    });
    expect(chain).toEqual({ intact: true });
  });

  test('tells of every ledger of the store', async () => {
    await service('staging').run();
    registry.fails = true;
    await expect(service().run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    const ledgers = await desk().ledgers();
    expect(
      ledgers.map(({ key, applied, blocked }) => [key.environment, applied.length, blocked.length]),
    ).toEqual([
      ['production', 1, 1],
      ['staging', 3, 0],
    ]);
  });
});

describe('a run of the command line', () => {
  test('ends at the change that is named, and leaves the rest pending', async () => {
    await expect(service().run({ by: 'cli', until: 'second' })).resolves.toMatchObject({
      applied: [{ id: 'first' }, { id: 'second' }],
      total: 2,
    });
    await expect(service().run({ by: 'cli', until: 'second' })).resolves.toMatchObject({
      outcome: 'up-to-date',
    });
    await expect(service().run({ by: 'cli', until: 'secnd' })).rejects.toThrow("Did you mean 'second'?");
    await expect(service().run()).resolves.toMatchObject({ applied: [{ id: 'third' }] });
  });

  test('waits for the lock as long as it is told', async () => {
    const session = await memoryAuditStore(database).openSession();
    await session.acquire(desk().key, { owner: 'x', host: 'pod-1', processId: 7, leaseMs: 60_000 });
    await expect(service().run({ by: 'cli', waitMs: 0 })).rejects.toThrow(
      /FLG_LOCK_NOT_OBTAINED: The lock is held by process 7 on pod-1, since .*\n.*flamingock apply --wait/,
    );
  });

  test('starts are held while an application is built for it, and engines are noted', async () => {
    const held = holdStarts((file) => import(file));
    const flamingock = service();
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'off' });
    expect(held.engines.map((engine) => engine.flamingock)).toEqual([flamingock]);
    await expect(flamingock.run({ by: 'cli' })).resolves.toMatchObject({ outcome: 'applied' });
    held.end();
    await expect(service('staging').run()).resolves.toMatchObject({ outcome: 'applied' });
  });
});

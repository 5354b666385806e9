import { describe, expect, test } from '@jest/globals';
import { type DefinedChange, defineChange } from './change/define-change.js';
import { createFlamingock } from './create-flamingock.js';
import type { FlamingockEvent } from './events.js';
import { MemoryDatabase } from './memory/memory-database.js';
import { memoryAuditStore } from './memory/memory-store.js';
import { memoryTarget, MemoryValues } from './memory/memory-target.js';
import type { FlamingockOptions } from './options.js';

const addColumn = defineChange({
  id: 'add-column',
  name: '_0001__AddColumn',
  inject: { values: MemoryValues },
  apply({ values }, { log }) {
    log.info('adding');
    values.set('column', true);
  },
});

function options(parts: Partial<FlamingockOptions> = {}): FlamingockOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { db: memoryTarget() },
    changes: [addColumn],
    logger: false,
    ...parts,
  };
}

describe('the engine', () => {
  test('reports what is wrong with the sequence together with the dependencies that are missing', async () => {
    const auditStore = memoryAuditStore();
    const targets = { db: memoryTarget() };
    await createFlamingock(options({ auditStore, targets })).run();
    const asking = defineChange({
      id: 'b',
      name: '_0002__B',
      targetSystem: 'db',
      transactional: false,
      inject: { missing: 'mailer' },
      apply: () => undefined,
    });
    const below = defineChange({ id: 'a', name: '_0000__A', targetSystem: 'db', apply: () => undefined });
    const run = (...changes: DefinedChange[]) =>
      createFlamingock(options({ auditStore, targets, changes })).run();
    await expect(run(below, addColumn, asking)).rejects.toMatchObject({
      problems: [{ code: 'FLG_OUT_OF_ORDER' }, { code: 'FLG_DEPENDENCY_UNRESOLVED' }],
    });
    const lost = defineChange({ id: 'c', name: '_0003__C', targetSystem: 'nowhere', apply: () => undefined });
    await expect(run(addColumn, asking, lost)).rejects.toMatchObject({
      problems: [{ code: 'FLG_TARGET_UNKNOWN' }, { code: 'FLG_DEPENDENCY_UNRESOLVED' }],
    });
  });

  test('keeps to the options that it was made with, whatever becomes of their lists', async () => {
    const inGroup: DefinedChange[] = [addColumn];
    const group = { changes: inGroup };
    const targets = { db: memoryTarget() };
    const given = options({ changes: [group], targets });
    const flamingock = createFlamingock(given);
    inGroup.push(defineChange({ id: 'later', name: '_0002__Later', apply: () => undefined }));
    group.changes = [];
    Object.assign(targets, { other: memoryTarget() });
    Object.assign(given, { changes: [], environment: 'another' });
    expect(await flamingock.run()).toMatchObject({ applied: [{ id: 'add-column', targetSystem: 'db' }] });
  });

  test('applies the sequence and tells about it', async () => {
    const lines: string[] = [];
    const line = (message: string): void => void lines.push(message.replaceAll(/ +/g, ' '));
    const flamingock = createFlamingock(options({ logger: { info: line, warn: line, error: line } }));
    const events: FlamingockEvent[] = [];
    const stop = flamingock.subscribe((event) => events.push(event));
    expect(flamingock.readiness()).toMatchObject({ ready: false, state: 'idle' });
    expect(await flamingock.run()).toMatchObject({
      outcome: 'applied',
      applied: [{ id: 'add-column', targetSystem: 'db' }],
    });
    stop();
    expect(flamingock.readiness()).toMatchObject({ ready: true, state: 'ready', applied: 1 });
    expect(events.map((event) => event.type)).toEqual([
      'lock-acquired',
      'run-started',
      'change-started',
      'change-applied',
      'run-finished',
    ]);
    expect(lines).toEqual([
      '1 change to apply',
      '_0001__AddColumn: adding',
      expect.stringMatching(/^✔ _0001__AddColumn db applied \d+ ms$/),
      expect.stringMatching(/^1 change applied in \d+ ms \(1 in all\)$/),
    ]);
  });

  test('has one run at a time', () => {
    const flamingock = createFlamingock(options());
    expect(flamingock.run()).toBe(flamingock.run());
    return flamingock.close();
  });

  test('tells its plan, its status and its history without changing anything', async () => {
    const flamingock = createFlamingock(options());
    expect((await flamingock.plan()).pending.map((step) => step.change.id)).toEqual(['add-column']);
    expect(await flamingock.history()).toEqual({ entries: [], chain: { intact: true } });
    await flamingock.run();
    expect((await flamingock.status()).plan.pending).toEqual([]);
    expect(await flamingock.history()).toMatchObject({
      entries: [{ kind: 'run' }, { state: 'STARTED' }, { state: 'APPLIED', host: expect.any(String) }],
      chain: { intact: true },
    });
  });

  test('lists what a person has to resolve, and takes their word', async () => {
    const broken = defineChange({
      id: 'broken',
      name: '_0002__Broken',
      targetSystem: 'db',
      transactional: false,
      apply() {
        throw new Error('who knows');
      },
    });
    const flamingock = createFlamingock(options({ changes: [addColumn, broken] }));
    await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(flamingock.readiness()).toMatchObject({
      ready: false,
      state: 'failed',
      error: { code: 'FLG_ISSUE_OPEN' },
    });
    expect(await flamingock.issues()).toMatchObject([
      { changeId: 'broken', targetSystem: 'db', error: { message: 'who knows' } },
    ]);
    await flamingock.resolve('broken', {
      as: 'APPLIED',
      actor: 'ops@example.test',
      reason: 'seen in the database',
    });
    expect(await flamingock.issues()).toEqual([]);
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'up-to-date' });
  });

  test('keeps registered secrets out of the ledger, the error and the log', async () => {
    const lines: string[] = [];
    const line = (message: string): void => void lines.push(message);
    const leaking = defineChange({
      id: 'leaking',
      name: '_0001__Leaking',
      targetSystem: 'db',
      apply(_clients, { log }) {
        log.info('using key s3cret');
        throw new Error('login failed for postgres://app:hunter2@db with key s3cret');
      },
    });
    const flamingock = createFlamingock(
      options({ changes: [leaking], secrets: ['s3cret'], logger: { info: line, warn: line, error: line } }),
    );
    const error: unknown = await flamingock.run().catch((reason: unknown) => reason);
    const everything = JSON.stringify([
      lines,
      String(error),
      await flamingock.history(),
      flamingock.readiness(),
    ]);
    expect(everything).toContain('login failed');
    expect(everything).not.toMatch(/hunter2|s3cret/);
  });

  test('wraps what nobody expects into one coded error without secrets', async () => {
    const supplies = (): never => {
      throw new TypeError('bug near s3cret');
    };
    const flamingock = createFlamingock(
      options({ targets: { db: { ...memoryTarget(), supplies } }, secrets: ['s3cret'] }),
    );
    await expect(flamingock.run()).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
    await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_INTERNAL' });
    expect(flamingock.readiness()).toMatchObject({ state: 'failed', error: { code: 'FLG_INTERNAL' } });
  });

  test('survives an asynchronous listener that fails, and says so', async () => {
    const lines: string[] = [];
    const line = (message: string): number => lines.push(message);
    const flamingock = createFlamingock(options({ logger: { info: line, warn: line, error: line } }));
    flamingock.subscribe(() => Promise.reject(new Error('asynchronous')));
    await flamingock.run();
    await new Promise(setImmediate);
    expect(lines).toContainEqual("a listener failed at 'run-finished': asynchronous");
  });

  test('survives a logger that throws', async () => {
    const broken = (): never => {
      throw new Error('EPIPE');
    };
    const flamingock = createFlamingock(options({ logger: { info: broken, warn: broken, error: broken } }));
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'applied' });
  });

  test('survives a listener that throws', async () => {
    const flamingock = createFlamingock(options());
    flamingock.subscribe(() => {
      throw new Error('listener');
    });
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'applied' });
  });

  test('is not ready from the moment on in which it is being closed', async () => {
    const flamingock = createFlamingock(options());
    await flamingock.run();
    const closed = flamingock.close();
    expect(flamingock.readiness()).toMatchObject({ ready: false, state: 'closed' });
    await closed;
  });

  test('refuses to run once it is closed', async () => {
    const flamingock = createFlamingock(options());
    await flamingock.close();
    await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_CLOSED' });
    expect(flamingock.readiness()).toMatchObject({ ready: false, state: 'closed' });
  });

  test('finds everything that is wrong with the sequence before anything is read', async () => {
    const database = new MemoryDatabase();
    const store = memoryAuditStore(database);
    const read = (): never => {
      throw new Error('the store must not be asked');
    };
    const nowhere = defineChange({
      id: 'nowhere',
      name: '_0001__Nowhere',
      targetSystem: 'dbb',
      apply: () => undefined,
    });
    const flamingock = createFlamingock(
      options({ auditStore: { ...store, read }, changes: [addColumn, addColumn, nowhere] }),
    );
    await expect(flamingock.run()).rejects.toMatchObject({
      code: 'FLG_SEVERAL_PROBLEMS',
      message: expect.stringMatching(
        /FLG_CHANGE_ID_DUPLICATE[^]*FLG_CHANGE_ORDER_DUPLICATE[^]*FLG_TARGET_UNKNOWN[^]*'db'/,
      ),
    });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { defineChange } from '../change/define-change.js';
import { createFlamingock } from '../create-flamingock.js';
import type { Flamingock } from '../flamingock.js';
import type { RunReport } from '../run-report.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { target } from '../target/generic-target.js';

class Client {}

/** An engine with one change that does something with that very engine. */
function engine(
  apply: (flamingock: Flamingock, signal: AbortSignal) => unknown,
  parts: { readonly abortGraceMs?: number } = {},
): Flamingock {
  const flamingock: Flamingock = createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { plain: target({ supply: [{ token: Client, value: new Client() }] }) },
    changes: [
      defineChange({
        id: 'a',
        name: '_0001__A',
        targetSystem: 'plain',
        apply: (_clients, { signal }) => apply(flamingock, signal) as Promise<void>,
      }),
    ],
    logger: false,
    ...parts,
  });
  return flamingock;
}

describe('a change that calls its own engine', () => {
  test.each<[string, (flamingock: Flamingock) => Promise<unknown>]>([
    ['run()', (flamingock) => flamingock.run()],
    ['resolve()', (flamingock) => flamingock.resolve('a', { as: 'APPLIED', actor: 'me', reason: 'why' })],
  ])('is refused what would wait for it: %s', async (_what, call) => {
    let refused: unknown;
    const flamingock = engine(async (own) => {
      await sleep(1);
      await call(own).catch((error: unknown) => {
        refused = error;
      });
    });
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'applied' });
    expect(refused).toMatchObject({
      code: 'FLG_INSIDE_CHANGE',
      message: expect.stringContaining('_0001__A'),
    });
  });

  test('asks for a shutdown with close(), and goes on', async () => {
    const flamingock = engine((own) => own.close());
    await expect(flamingock.run()).resolves.toMatchObject({ outcome: 'applied' });
    await expect(flamingock.run()).rejects.toMatchObject({ code: 'FLG_CLOSED' });
  });

  test('may leave something behind that calls it later', async () => {
    let over = (): void => undefined;
    const runIsOver = new Promise<void>((resolve) => {
      over = resolve;
    });
    let later: Promise<RunReport> | undefined;
    const flamingock = engine((own) => {
      later = runIsOver.then(() => own.run());
    });
    await flamingock.run();
    over();
    await expect(later).resolves.toMatchObject({ outcome: 'up-to-date' });
  });
});

describe('a listener that a change has set off', () => {
  test('is no part of the change', async () => {
    let refused: unknown;
    let again: Promise<RunReport> | undefined;
    const flamingock = createFlamingock({
      service: 'orders',
      environment: 'test',
      auditStore: memoryAuditStore(),
      targets: { plain: target({ supply: [{ token: Client, value: new Client() }] }) },
      changes: [
        defineChange({
          id: 'a',
          name: '_0001__A',
          targetSystem: 'plain',
          apply: (_clients, { progress }) => {
            progress(1, 2);
          },
        }),
      ],
      logger: false,
    });
    flamingock.subscribe(({ type }) => {
      if (type !== 'change-progress') return;
      again = flamingock.run();
      again.catch((error: unknown) => {
        refused = error;
      });
    });
    await flamingock.run();
    await again;
    expect(refused).toBeUndefined();
  });
});

describe('close()', () => {
  test('resolves when a change that ignores it has been given up', async () => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const hang = (): Promise<never> => {
      begin();
      return new Promise(() => undefined);
    };
    const flamingock = engine(hang, { abortGraceMs: 20 });
    const run = flamingock.run().catch((error: unknown) => error);
    await begun;
    await flamingock.close({ graceMs: 0 });
    expect(await run).toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(flamingock.readiness().state).toBe('closed');
  });

  test('refuses a grace period that is no time', async () => {
    await expect(engine(() => undefined).close({ graceMs: -1 })).rejects.toMatchObject({
      code: 'FLG_OPTION_INVALID',
    });
  });
});

import { describe, expect, jest, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '../../test/child-of.js';
import type { HostedBehaviour } from '../../test/hosted-application.js';
import { defineChange } from '../change/define-change.js';
import { NotApplied } from '../change/not-applied.js';
import type { FlamingockOptions } from '../options.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { target } from '../target/generic-target.js';
import { createHosted, type Hosted } from './hosted.js';
import type { HostingOptions } from './hosting-options.js';

const lines = jest.fn();
const LOGGER = { info: () => undefined, warn: lines, error: lines };

function hosted(
  options: Partial<FlamingockOptions & HostingOptions> = {},
  apply: () => unknown = () => undefined,
): Hosted {
  return createHosted(
    {
      service: 'orders',
      environment: 'test',
      auditStore: memoryAuditStore(),
      targets: { flags: target({ clients: [] }) },
      changes: [defineChange({ id: 'a', name: '_0001__A', targetSystem: 'flags', apply })],
      logger: LOGGER,
      ...options,
    },
    'hosted()',
  );
}

function fails(): never {
  throw new NotApplied('the password hunter2 is wrong');
}

/** Waits until something is so. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

describe('an application that holds its start', () => {
  test('starts when the sequence is complete', async () => {
    const one = hosted();
    expect(one.refuse({ method: 'GET', url: '/orders' })).toMatchObject({ statusCode: 503 });
    await one.start();
    expect(one.refuse({ method: 'GET', url: '/orders' })).toBeUndefined();
    expect(one.flamingock.readiness()).toMatchObject({ ready: true, applied: 1 });
  });

  test('does not start where the sequence fails, and its readiness goes on telling why', async () => {
    const one = hosted({}, fails);
    await expect(one.start()).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    expect(one.flamingock.readiness()).toMatchObject({
      state: 'failed',
      error: { code: 'FLG_CHANGE_FAILED' },
    });
  });
});

describe('an application whose changes are applied in the background', () => {
  test('goes on at once and is served when the sequence is complete', async () => {
    let goOn = (): void => undefined;
    const change = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const one = hosted({ hold: 'background' }, () => change);
    await one.start();
    await until(() => one.flamingock.readiness().current !== undefined);
    expect(one.refuse({ method: 'GET', url: '/orders' })).toMatchObject({ statusCode: 503 });
    expect(one.refuse({ method: 'GET', url: '/health/ready' })).toBeUndefined();
    goOn();
    await until(() => one.flamingock.readiness().ready);
    expect(one.refuse({ method: 'GET', url: '/orders' })).toBeUndefined();
  });

  test('may stay after a failure: closed, with the code in its readiness and the reason in the log', async () => {
    lines.mockClear();
    const one = hosted({ hold: 'background', onFailure: 'stay', secrets: ['hunter2'] }, fails);
    await one.start();
    await until(() => lines.mock.calls.some(([line]) => String(line).includes('FLG_CHANGE_FAILED')));
    expect(one.flamingock.readiness()).toMatchObject({
      state: 'failed',
      error: { code: 'FLG_CHANGE_FAILED' },
    });
    expect(one.refuse({ method: 'GET', url: '/orders' })).toMatchObject({
      body: { detail: expect.stringContaining('could not start') },
    });
    expect(JSON.stringify(lines.mock.calls)).not.toContain('hunter2');
  });

  test('may hear of a failure itself', async () => {
    const onFailure = jest.fn();
    await hosted({ hold: 'background', onFailure }, fails).start();
    await until(() => onFailure.mock.calls.length > 0);
    expect(onFailure).toHaveBeenCalledWith(expect.objectContaining({ code: 'FLG_CHANGE_FAILED' }));
  });

  test('says that its closing had to give a change up, and does not take it for a failure', async () => {
    lines.mockClear();
    const onFailure = jest.fn();
    const impatient = { shutdownGraceMs: 1, abortGraceMs: 1 };
    const one = hosted({ hold: 'background', onFailure, ...impatient }, () => new Promise(() => undefined));
    await one.start();
    await until(() => one.flamingock.readiness().current !== undefined);
    await one.flamingock.close();
    await until(() => lines.mock.calls.some(([line]) => String(line).includes('FLG_ISSUE_OPEN')));
    expect(onFailure).not.toHaveBeenCalled();
  });

  test('does not take its own closing for a failure', async () => {
    const onFailure = jest.fn();
    const one = hosted({ hold: 'background', onFailure });
    const running = one.start();
    await one.flamingock.close();
    await running;
    expect(onFailure).not.toHaveBeenCalled();
    expect(one.flamingock.readiness().state).toBe('closed');
  });

  test.each<[string, HostedBehaviour['onFailure'], string]>([
    ['ends by default, with one report', undefined, 'FLG_CHANGE_FAILED'],
    ['ends where its own function fails', 'throws', 'nobody answers the pager'],
  ])('%s and code 1', async (_, onFailure, reported) => {
    const behaviour: HostedBehaviour = {
      hold: 'background',
      change: 'fails',
      ...(onFailure === undefined ? {} : { onFailure }),
    };
    const child = new Child(
      new URL('../../test/hosted-application.ts', import.meta.url),
      JSON.stringify(behaviour),
    );
    expect(await child.exited).toEqual({ code: 1, signal: null });
    expect(child.output).toContain(reported);
    expect(child.output.match(/FLG_CHANGE_FAILED/g)).toHaveLength(1);
  });
});

describe('options', () => {
  test('are judged all together, as what the caller has called', () => {
    const options = { service: '', readynessPath: '/ready', tragets: {}, retryAfterSeconds: 'soon' };
    const make = (): unknown => hosted(options as object);
    expect(make).toThrow(/hosted\(\) does not know the option 'readynessPath'[^]*'readinessPath'/);
    expect(make).toThrow(/hosted\(\) does not know the option 'tragets'[^]*'targets'/);
    expect(make).toThrow(/hosted\(\): retryAfterSeconds must/);
    expect(make).toThrow(/service is missing/);
    expect(make).toThrow(/^FLG_SEVERAL_PROBLEMS: 4 /);
  });

  test('may be an object with a prototype', () => {
    class Options {
      get hold(): 'background' {
        return 'background';
      }
    }
    const given = Object.assign(new Options(), { ...hostedOptions() });
    expect(createHosted(given, 'hosted()').hosting.hold).toBe('background');
  });

  test.each([[undefined], [null], ['orders']])('are not %s', (options) => {
    expect(() => createHosted(options as never, 'hosted()')).toThrow(
      'hosted(): the options must be an object',
    );
  });
});

function hostedOptions(): FlamingockOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: {},
    changes: [],
  };
}

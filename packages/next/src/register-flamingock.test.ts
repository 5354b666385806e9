import { afterEach, expect, jest, test } from '@jest/globals';
import { defineChange, type FlamingockError, memoryAuditStore, target } from '@flamingock/core';
import { registration, readinessOf } from './registration.js';
import { registerFlamingock, type RegisterOptions } from './register-flamingock.js';

class Flags {
  readonly set = jest.fn<() => Promise<void>>(() => Promise.resolve());
}

let flags = new Flags();

/** Options of an application with one change, which sets a flag. */
function options(given: Partial<RegisterOptions> = {}): RegisterOptions {
  return {
    service: 'shop',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { flags: target({ clients: [Flags] }) },
    dependencies: [{ token: Flags, value: flags }],
    changes: [
      defineChange({
        id: 'set-flag',
        order: 1,
        name: 'SetFlag',
        targetSystem: 'flags',
        recovery: 'ALWAYS_RETRY',
        inject: { flags: Flags },
        apply: ({ flags: client }) => client.set(),
      }),
    ],
    logger: false,
    ...given,
  };
}

class Exited extends Error {}

/** What the process exits with; the code that called it goes no further. */
function exits(): jest.SpiedFunction<typeof process.exit> {
  return jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Exited();
  });
}

const environment = { ...process.env };

afterEach(() => {
  process.env = { ...environment };
  flags = new Flags();
  // As in a new process.
  Object.assign(registration(), { started: undefined, hosted: undefined, gated: false });
});

test('resolves when the sequence is complete', async () => {
  await registerFlamingock(options());
  expect(flags.set).toHaveBeenCalledTimes(1);
  expect(readinessOf(registration())).toMatchObject({ ready: true, applied: 1 });
});

test('runs once in a process, however often it is called', async () => {
  const make = jest.fn(() => options());
  await Promise.all([registerFlamingock(make), registerFlamingock(make)]);
  await registerFlamingock(make);
  expect(make).toHaveBeenCalledTimes(1);
  expect(flags.set).toHaveBeenCalledTimes(1);
});

test.each([
  ['while the application is built', 'NEXT_PHASE', 'phase-production-build'],
  ['in the edge runtime', 'NEXT_RUNTIME', 'edge'],
])('does nothing %s: not even the options are made', async (_, variable, value) => {
  process.env[variable] = value;
  const make = jest.fn(() => options());
  await registerFlamingock(make);
  expect(make).not.toHaveBeenCalled();
  expect(readinessOf(registration())).toEqual({ ready: false, state: 'idle', applied: 0, pending: 0 });
});

test('a failed run ends the process with 1, after one report', async () => {
  flags.set.mockRejectedValue(new Error('closed today'));
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const error = jest.fn();
  const logger = { info() {}, warn() {}, error };
  await expect(registerFlamingock(options({ logger }))).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
  expect(exit).toHaveBeenCalledWith(1);
  expect(
    error.mock.calls
      .flat()
      .join('\n')
      .match(/FLG_CHANGE_FAILED/g),
  ).toHaveLength(1);
});

test('a failed run that is to stay rejects, so that nothing is served', async () => {
  flags.set.mockRejectedValue(new Error('closed today'));
  const exit = exits();
  await expect(registerFlamingock(options({ onFailure: 'stay' }))).rejects.toMatchObject({
    code: 'FLG_CHANGE_FAILED',
  });
  expect(exit).not.toHaveBeenCalled();
  expect(readinessOf(registration())).toMatchObject({ ready: false });
});

test('a function is told of a failed run', async () => {
  flags.set.mockRejectedValue(new Error('closed today'));
  const onFailure = jest.fn<(error: FlamingockError) => void>();
  await expect(registerFlamingock(options({ onFailure }))).rejects.toMatchObject({
    code: 'FLG_CHANGE_FAILED',
  });
  expect(onFailure.mock.calls).toMatchObject([[{ code: 'FLG_CHANGE_FAILED' }]]);
});

test('in the background it resolves while changes still run', async () => {
  let go = (): void => undefined;
  flags.set.mockReturnValue(new Promise((resolve) => (go = resolve)));
  await registerFlamingock(options({ hold: 'background' }));
  expect(readinessOf(registration()).ready).toBe(false);
  go();
  while (!readinessOf(registration()).ready) await new Promise(setImmediate);
});

test('a signal ends it while the options are still being made: nothing is run', async () => {
  const raised = jest.spyOn(process, 'kill').mockReturnValue(true);
  const registered = registerFlamingock(() => new Promise<never>(() => undefined));
  process.emit('SIGTERM', 'SIGTERM');
  await expect(registered).rejects.toMatchObject({ code: 'FLG_CLOSED' });
  expect(raised).toHaveBeenCalledWith(process.pid, 'SIGTERM');
});

test('signals are not held while a function is told of a failed run', async () => {
  flags.set.mockRejectedValue(new Error('closed today'));
  const server = jest.fn();
  process.once('SIGTERM', server);
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const onFailure = (): Promise<never> => {
    asked();
    return new Promise(() => undefined);
  };
  void registerFlamingock(options({ onFailure }));
  await isAsked;
  await new Promise(setImmediate);
  process.emit('SIGTERM', 'SIGTERM');
  expect(server).toHaveBeenCalledTimes(1);
});

test('options that cannot be used end the process, and say what is wrong', async () => {
  const exit = exits();
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  await expect(registerFlamingock(options({ service: '', hold: 'never' as 'block' }))).rejects.toThrow(
    Exited,
  );
  expect(exit).toHaveBeenCalledWith(1);
  expect(write.mock.calls.join('\n')).toMatch(/hold[^]*service/);
});

test('options that cannot be made end the process without what their error holds', async () => {
  const exit = exits();
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const make = (): RegisterOptions => {
    throw Object.assign(new Error('Invalid URL'), { input: 'postgres://user:password@host' });
  };
  await expect(registerFlamingock(make)).rejects.toThrow(Exited);
  expect(exit).toHaveBeenCalledWith(1);
  expect(write.mock.calls.join('\n')).toContain('Invalid URL');
  expect(write.mock.calls.join('\n')).not.toContain('password');
});

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSystems, type Systems } from './systems.js';

const LONG = 60_000;

let systems: Systems;
beforeEach(async () => {
  systems = await openSystems(undefined);
});
afterEach(() => systems.sandbox.close());

test.each([
  ['a function that builds it', 'application.ts'],
  ['a Nest module', 'nest-application.ts'],
])(
  'the application itself supplies clients and changes, by %s, and its own start is held',
  async (_, file) => {
    const app = ['--app', join(import.meta.dirname, 'project', file)];
    const { commandLine } = systems;
    expect(await commandLine.json('plan', ...app)).toMatchObject({
      ok: true,
      steps: [{ intention: 'apply' }, {}, {}],
    });
    expect(systems.registered()).toEqual([]);
    expect(await commandLine.run('apply', ...app, '--until', 'create-orders')).toMatchObject({
      code: 0,
      stdout: 'applied _0001__CreateOrders\n',
      stderr: expect.not.stringContaining('switched off'),
    });
    expect(await commandLine.json('status', ...app)).toMatchObject({ counts: { applied: 1, pending: 2 } });
  },
  LONG,
);

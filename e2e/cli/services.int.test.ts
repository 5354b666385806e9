import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnDatabases } from './databases.js';
import { problemsOf } from './schemas.js';
import { recordedScreens, timeless, timelessJson } from './screens.js';
import type { Systems } from './systems.js';

const LONG = 90_000;
const CONFIG = ['-c', join(import.meta.dirname, 'services', 'flamingock.config.ts')];
const HEADING = /^Five services, one store$/;

await describeOnDatabases('Five services in one store, one of them blocked', (open) => {
  let systems: Systems;
  beforeAll(async () => {
    systems = await open();
    const apply = (SERVICE: string, ...parameters: readonly string[]): Promise<unknown> =>
      systems.commandLine
        .with({ SERVICE, ...(SERVICE === 'payments' ? { INCIDENT: 'fails' } : {}) })
        .run('apply', ...CONFIG, ...parameters);
    await apply('shipping', '-e', 'staging');
    await apply('shipping', '--until', 'create-parcels');
    for (const service of ['catalog', 'notifications', 'orders', 'payments']) await apply(service);
  }, LONG);
  afterAll(() => systems.sandbox.close());

  test(
    'status --all shows each of them, who is blocked and where',
    async () => {
      const { code, stdout } = await systems.commandLine.run('status', '--all', ...CONFIG);
      expect(code).toBe(0);
      expect(timeless(stdout)).toBe(timeless(recordedScreens(HEADING)[0] ?? ''));
      expect(await systems.commandLine.run('status', '--all', '--check', ...CONFIG)).toMatchObject({
        code: 5,
      });
    },
    LONG,
  );

  test(
    'and tells programs the same',
    async () => {
      const { stdout } = await systems.commandLine.run('status', '--all', '--json', ...CONFIG);
      expect(problemsOf('status-all', JSON.parse(stdout))).toBeUndefined();
      expect(timelessJson(stdout)).toEqual(timelessJson(recordedScreens(HEADING, 'json')[0] ?? '{}'));
    },
    LONG,
  );
});

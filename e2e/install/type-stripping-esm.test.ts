import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { FreshProject } from './fresh-project.js';

const project = new FreshProject(join(import.meta.dirname, 'projects/type-stripping-esm'));
const describeInstalled = await describeWith(postgres, () => project.install());

describeInstalled('ES modules that Node 24 runs without a build, on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => Promise.all([server.stop(), project.remove()]));

  it('installs without a conflict of peer dependencies', async () => {
    await project.checkTree();
  });

  it('type-checks, all declarations of its libraries included', async () => {
    expect(await project.script('types')).toEqual(['']);
  }, 120_000);

  it('applies its change, once', async () => {
    const { url } = await server.createDatabase();
    const start = () => project.script('start', { DATABASE_URL: url });
    const orders = JSON.stringify([{ id: 1, payment_method: 'CARD' }]);

    expect((await start()).at(-1)).toBe(orders);
    expect((await start()).at(-1)).toBe(orders);
  }, 120_000);
});

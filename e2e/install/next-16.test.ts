import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { execute } from '../../tools/services/postgres-client.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { freePort } from '../harness/orders.mjs';
import { FreshProject } from './fresh-project.js';

const template = join(import.meta.dirname, 'projects/next-16');
const readme = join(import.meta.dirname, '../../packages/next/README.md');
const project = new FreshProject(template, { environment: { NEXT_TELEMETRY_DISABLED: '1' } });
const describeInstalled = await describeWith(postgres, () => project.install());

describe('The README of the package for Next.js', () => {
  it.each([
    'instrumentation.ts',
    'flamingock.ts',
    'changes/_0001__AddDeliveryDays.ts',
    'app/health/ready/route.ts',
    'next.config.mjs',
  ])('shows %s as it is in a project', async (file) => {
    const code = await readFile(join(template, file), 'utf8');
    expect(await readFile(readme, 'utf8')).toContain(code);
  });
});

describeInstalled('Next.js 16 with standalone output, on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => Promise.all([server.stop(), project.remove()]));

  /** What the page shows of a shop that was there before its change, at two starts. */
  async function shownTwice(): Promise<(string | undefined)[]> {
    const { url } = await server.createDatabase();
    await execute(url, `CREATE TABLE products (name text); INSERT INTO products VALUES ('Cup')`);
    const start = async () => project.script('start', { DATABASE_URL: url, PORT: String(await freePort()) });
    return [(await start()).at(-1), (await start()).at(-1)];
  }

  it('installs without a conflict of peer dependencies', async () => {
    await project.checkTree();
  });

  it('is built with its types, and applies a list of changes, once', async () => {
    await project.script('build');
    await expect(shownTwice()).resolves.toEqual(['["Cup in 2"]', '["Cup in 2"]']);
  }, 300_000);

  it('applies a directory of changes, once', async () => {
    await project.script('directory');
    await expect(shownTwice()).resolves.toEqual(['["Cup in 2"]', '["Cup in 2"]']);
  }, 300_000);
});

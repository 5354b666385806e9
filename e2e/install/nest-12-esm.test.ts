import { afterAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { FreshProject } from './fresh-project.js';

const ORDERS = JSON.stringify([{ id: 1, payment_method: 'CARD' }]);

const project = new FreshProject(join(import.meta.dirname, 'projects/nest-12-esm'));
const describeInstalled = await describeWith(() => project.install());

describeInstalled('A NestJS 12 application in ES modules, with TypeORM 1', () => {
  afterAll(() => project.remove(), 60_000);

  it('installs without a conflict of peer dependencies', async () => {
    await project.checkTree();
  });

  it('type-checks, all declarations of its libraries included', async () => {
    expect(await project.script('types')).toEqual(['']);
  }, 300_000);

  it('applies its change, once, whether SWC or the compiler of TypeScript builds it', async () => {
    await project.script('build:swc');
    expect((await project.script('start:prod')).at(-1)).toBe(ORDERS);
    expect((await project.script('start')).at(-1)).toBe(ORDERS);
  }, 300_000);

  it('is tested with its changes, without them and in memory, with the Vitest of a new application', async () => {
    await project.script('test');
  }, 300_000);
});

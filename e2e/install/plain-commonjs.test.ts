import { afterAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { FreshProject } from './fresh-project.js';

const project = new FreshProject(join(import.meta.dirname, 'projects/plain-commonjs'));
const describeInstalled = await describeWith(() => project.install());

describeInstalled('Plain JavaScript in CommonJS', () => {
  afterAll(() => project.remove());

  it('installs without a conflict of peer dependencies', async () => {
    await project.checkTree();
  });

  it('type-checks, all declarations of its libraries included', async () => {
    expect(await project.script('types')).toEqual(['']);
  }, 120_000);

  it('applies its change, once', async () => {
    const orders = JSON.stringify([{ id: 1, payment_method: 'CARD' }]);

    expect((await project.script('start')).at(-1)).toBe(orders);
    expect((await project.script('start')).at(-1)).toBe(orders);
  }, 120_000);
});

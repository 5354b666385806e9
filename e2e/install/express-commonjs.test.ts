import { afterAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { FreshProject } from './fresh-project.js';

const project = new FreshProject(join(import.meta.dirname, 'projects/express-commonjs'));
const describeInstalled = await describeWith(() => project.install());

describeInstalled('Express in CommonJS', () => {
  afterAll(() => project.remove());

  it('installs without a conflict of peer dependencies', async () => {
    await project.checkTree();
  });

  it('type-checks, all declarations of its libraries included', async () => {
    expect(await project.script('types')).toEqual(['']);
  }, 120_000);

  it('is tested', async () => {
    expect(await project.script('test')).toContainEqual(expect.stringMatching(/^# pass 1$/));
  }, 120_000);

  it('applies its change, once, serves, and ends by itself', async () => {
    const orders = JSON.stringify([{ id: 1, payment_method: 'CARD' }]);
    expect((await project.script('start')).at(-1)).toBe(orders);
    expect((await project.script('start')).at(-1)).toBe(orders);
  }, 120_000);
});

import { afterAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { FreshProject } from './fresh-project.js';

const project = new FreshProject(join(import.meta.dirname, 'projects/fastify-esm'));
const describeInstalled = await describeWith(() => project.install());

describeInstalled('A Fastify 5 application in ES modules', () => {
  afterAll(() => project.remove());

  it('installs without a conflict of peer dependencies', async () => {
    await project.checkTree();
  });

  it('type-checks, all declarations of its libraries included', async () => {
    expect(await project.script('types')).toEqual(['']);
  }, 120_000);

  it('applies its change, once, and serves', async () => {
    await project.script('build');
    const orders = JSON.stringify([{ id: 1, payment_method: 'CARD' }]);
    for (let starts = 0; starts < 2; starts += 1) {
      const [readiness = '', served] = (await project.script('start')).slice(-2);
      expect(JSON.parse(readiness)).toMatchObject({
        status: 'ok',
        info: { flamingock: { state: 'ready', applied: 1, pending: 0 } },
      });
      expect(served).toBe(`1 ${orders}`);
    }
  }, 120_000);
});

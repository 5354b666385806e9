import { afterAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { FreshProject } from './fresh-project.js';

const ORDERS = JSON.stringify([{ id: 1, payment_method: 'CARD' }]);

const project = new FreshProject(join(import.meta.dirname, 'projects/nest-11-commonjs'));
const describeInstalled = await describeWith(() => project.install());

describeInstalled('A NestJS 11 application in CommonJS, with TypeORM 0.3', () => {
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

  it('applies it from a bundle of webpack, where it is listed', async () => {
    await project.script('build:webpack');
    const output = await project.script('start:bundle');
    expect(output.join('\n')).toContain('1 change applied');
    expect(output.at(-1)).toBe(ORDERS);
  }, 300_000);

  it('is tested with its changes, without them and in memory, and with Terminus 11, with the Jest of a new application', async () => {
    await project.script('test');
  }, 300_000);

  it('applies a change that is written while it is watched', async () => {
    const output = (await project.script('start:dev')).join('\n');
    expect(output).toContain(ORDERS);
    expect(output).toMatch(/✔ _0002__EnterOrder .* applied/);
  }, 300_000);
});

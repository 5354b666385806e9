import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { ask } from './answer.js';
import { frameworkCase } from './framework-case.js';
import type { FrameworkHarness } from './harness.js';
import { EFFECTS } from './scene.js';

/** Applications that are told to end, and several of them at once. */
export const signalCases: readonly ContractCase<FrameworkHarness>[] = [
  frameworkCase(
    'of two replicas one applies the changes; the other waits, and says for whom',
    async (scene) => {
      const holder = await scene.holding();
      const waiting = await scene.deployment.start();
      await scene.untilWritten(waiting, new RegExp(`waiting for process ${holder.processId} on `));
      const answer = await ask(`${waiting.url}/orders`, 'GET', 300);
      assert.ok(typeof answer === 'string' || answer.status === 503, 'nobody is served meanwhile');
      await scene.deployment.letGo();
      await Promise.all([scene.untilServing(holder), scene.untilServing(waiting)]);
      same(await scene.deployment.effects(), EFFECTS);
    },
  ),

  frameworkCase('in the mode `wait` it applies nothing, and serves when somebody else has', async (scene) => {
    const waiting = await scene.deployment.start({ mode: 'wait' });
    await scene.untilWritten(waiting, /waiting for another instance to apply them/);
    same(await scene.deployment.outcomes(), []);
    await scene.serving();
    await scene.untilServing(waiting);
    same(await scene.deployment.effects(), EFFECTS);
  }),

  frameworkCase('SIGTERM before its first change ends it, and others go on', async (scene) => {
    const holder = await scene.holding();
    const waiting = await scene.deployment.start();
    await scene.untilWritten(waiting, /waiting for process/);
    waiting.signal('SIGTERM');
    assert.equal(await scene.untilEnded(waiting), scene.harness.drainsWith ?? 'SIGTERM', waiting.output);
    await scene.deployment.letGo();
    await scene.untilServing(holder);
    same(await scene.deployment.effects(), EFFECTS);
  }),

  frameworkCase(
    'SIGTERM in the middle of a change: it is finished, and no other one begins',
    async (scene) => {
      const process = await scene.holding();
      process.signal('SIGTERM');
      await scene.untilWritten(process, /SIGTERM received|closing|shutting down/i);
      const answer = await ask(`${process.url}/orders`, 'GET', 300);
      assert.ok(typeof answer === 'string' || answer.status === 503, 'nothing is served');
      await scene.deployment.letGo();
      assert.equal(await scene.untilEnded(process), scene.harness.drainsWith ?? 'SIGTERM', process.output);
      same(await scene.deployment.outcomes(), ['1-create APPLIED', '2-enter APPLIED']);
      assert.ok(!(await scene.deployment.isLocked()), 'the lock is given back');
      await scene.serving();
      same(await scene.deployment.effects(), EFFECTS);
    },
  ),

  frameworkCase('SIGTERM while it serves ends it', async (scene) => {
    const process = await scene.serving();
    process.signal('SIGTERM');
    assert.equal(await scene.untilEnded(process), scene.harness.endsWith ?? 'SIGTERM', process.output);
    assert.ok(!(await scene.deployment.isLocked()), 'no lock is held');
  }),
];

import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { ask } from './answer.js';
import { frameworkCase } from './framework-case.js';
import type { FrameworkHarness } from './harness.js';
import { EFFECTS } from './scene.js';

/** What the error of the failing change says, without what is secret in it. */
const REASON = 'the order book is full';

/** A start that goes wrong, by itself or by force. */
export const failureCases: readonly ContractCase<FrameworkHarness>[] = [
  frameworkCase('a change that fails ends the start, and nothing is served', async (scene) => {
    const process = await scene.deployment.start({ behaviour: 'failing' });
    const ending = await scene.untilEnded(process);
    assert.ok(typeof ending === 'number' && ending > 0, `it ended with ${ending}:\n${process.output}`);
    assert.equal(await ask(`${process.url}/orders`), 'refused');
    same(await scene.deployment.effects(), ['1-create']);
    same(await scene.deployment.outcomes(), ['1-create APPLIED', '2-enter FAILED']);
    assert.ok(!(await scene.deployment.isLocked()), 'the lock is given back');
  }),

  frameworkCase('a start that fails says why: readable, once, and without secrets', async (scene) => {
    const process = await scene.deployment.start({ behaviour: 'failing' });
    await scene.untilEnded(process);
    const { output } = process;
    const { secret } = scene.deployment;
    assert.ok(
      !output.includes(secret),
      `the secret is in the output:\n${output.replaceAll(secret, '<secret>')}`,
    );
    assert.match(output, /FLG_CHANGE_FAILED/);
    assert.match(output, /_0002__EnterOrders/);
    assert.equal(output.split(REASON).length - 1, 1, `the reason is told once:\n${output}`);
    assert.doesNotMatch(output, /^\s+at .+:\d+:\d+\)?$/m, 'no stack');
  }),

  frameworkCase('the next start after a failure goes on where it stopped', async (scene) => {
    const first = await scene.deployment.start({ behaviour: 'failing' });
    await scene.untilEnded(first);
    await scene.serving();
    same(await scene.deployment.effects(), EFFECTS);
    same(await scene.deployment.outcomes(), [
      '1-create APPLIED',
      '2-enter FAILED',
      '2-enter APPLIED',
      '3-ship APPLIED',
    ]);
  }),

  frameworkCase('the next start after a kill in the middle of a change goes on there', async (scene) => {
    const first = await scene.holding();
    first.signal('SIGKILL');
    assert.equal(await scene.untilEnded(first), 'SIGKILL');
    await scene.serving();
    same(await scene.deployment.effects(), EFFECTS);
    const applied = EFFECTS.map((change) => `${change} APPLIED`);
    same(
      (await scene.deployment.outcomes()).filter((outcome) => outcome.endsWith('APPLIED')),
      applied,
    );
  }),
];

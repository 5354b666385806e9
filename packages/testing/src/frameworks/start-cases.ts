import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import { ask } from './answer.js';
import { frameworkCase } from './framework-case.js';
import type { FrameworkHarness } from './harness.js';
import { EFFECTS } from './scene.js';
import { Traffic } from './traffic.js';

/** A start that goes well. */
export const startCases: readonly ContractCase<FrameworkHarness>[] = [
  frameworkCase(
    'nothing is served before every change is applied, and then everything',
    async (scene) => {
      const process = await scene.deployment.start({ behaviour: 'slow' });
      const traffic = new Traffic(`${process.url}/orders`);
      try {
        await scene.deployment.untilHolding();
        await traffic.more(5);
        const meanwhile = scene.can('gate') ? '503' : scene.can('heldRequests') ? 'silent' : 'refused';
        await traffic.untilLast(meanwhile);
        // Silence is none of a gate's answers, but no service either: the first request may have to wait for the gate itself.
        same(traffic.others(meanwhile, 'refused', 'silent'), [], 'what requests got while a change ran');
        await scene.deployment.letGo();
        await scene.untilServing(process);
        await traffic.untilLast('200');
        same(traffic.others('200', meanwhile, 'refused', 'silent'), [], 'what requests got');
        same(rowsIn(traffic.firstServed), EFFECTS, 'the first request that was served saw every change');
      } finally {
        traffic.stop();
      }
    },
    { abilities: ['http'] },
  ),

  frameworkCase(
    'its port stays closed until every change is applied',
    async (scene) => {
      const process = await scene.holding();
      for (let look = 0; look < 10; look += 1)
        assert.equal(await ask(`${process.url}/orders`, 'GET', 300), 'refused', 'somebody listens');
      assert.doesNotMatch(process.output, /^listening$/m, 'it says that it listens');
      await scene.deployment.letGo();
      await scene.untilWritten(process, /^listening$/);
      same(await scene.deployment.effects(), EFFECTS);
    },
    { abilities: ['closedPort'] },
  ),

  frameworkCase(
    'a request that comes before is answered when every change is applied',
    async (scene) => {
      const { url } = await scene.holding();
      const answering = ask(`${url}/orders`, 'GET', 30_000);
      assert.equal(await ask(`${url}/health/ready`, 'GET', 300), 'silent', 'the probe is answered');
      await scene.deployment.letGo();
      const answer = await answering;
      assert.ok(typeof answer !== 'string', 'the connection was kept');
      assert.equal(answer.status, 200);
      same(rowsIn(answer), EFFECTS);
    },
    { abilities: ['heldRequests'] },
  ),

  frameworkCase(
    'changes are given the very clients that the application uses',
    async (scene) => {
      const { url } = await scene.serving();
      const answer = await ask(`${url}/client`);
      assert.ok(typeof answer !== 'string');
      same(JSON.parse(answer.text), { used: true });
    },
    { abilities: ['http'] },
  ),

  frameworkCase(
    'a start with nothing pending sends one statement, and a probe none',
    async (scene) => {
      const { deployment } = scene;
      const statements = provided('countsStatements', deployment.statements?.bind(deployment));
      const first = await scene.serving();
      first.signal('SIGTERM');
      await scene.untilEnded(first);
      const before = await statements();
      const { url } = await scene.serving();
      if (scene.can('http')) await ask(`${url}/health/ready`);
      const sent = (await statements()).slice(before.length);
      assert.equal(sent.length, 1, `it has sent:\n${sent.join('\n')}`);
    },
    { countsStatements: true },
  ),

  frameworkCase(
    'nothing keeps the process when the application is closed',
    async (scene) => {
      const process = await scene.deployment.start({ closes: true });
      assert.equal(await scene.untilEnded(process), 0, process.output);
    },
    { abilities: ['closing'] },
  ),
];

/** The changes in the body of `/orders`. */
function rowsIn(answer: { readonly text: string } | undefined): readonly unknown[] {
  const rows = JSON.parse(answer?.text ?? '[]') as readonly { readonly change: unknown }[];
  return rows.map(({ change }) => change);
}

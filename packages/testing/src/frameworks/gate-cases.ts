import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { type Answer, ask } from './answer.js';
import { frameworkCase } from './framework-case.js';
import type { FrameworkHarness } from './harness.js';
import { EFFECTS } from './scene.js';

/** What is answered while changes run, and what probes are told. */
export const gateCases: readonly ContractCase<FrameworkHarness>[] = [
  frameworkCase(
    'what comes before is refused with a problem, and told when to come again',
    async (scene) => {
      const process = await scene.holding();
      const refused = await scene.untilAnswer(process, '/orders', () => true);
      const others = [await ask(`${process.url}/nowhere`), await ask(`${process.url}/orders`, 'POST')];
      for (const answer of [refused, ...others]) {
        assert.ok(typeof answer !== 'string');
        assert.equal(answer.status, 503);
        assert.match(String(answer.headers['retry-after']), /^\d+$/);
        assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
        const { status } = JSON.parse(answer.text) as { readonly status?: unknown };
        assert.equal(status, 503);
        assert.doesNotMatch(
          answer.text,
          /EnterOrders|order-book/,
          'users learn no names of changes and systems',
        );
      }
    },
    { abilities: ['gate'] },
  ),

  frameworkCase(
    'the liveness probe is answered while changes run',
    async (scene) => {
      const process = await scene.holding();
      const answer = await scene.untilAnswer(process, '/health/live', () => true);
      assert.equal(answer.status, 200);
    },
    { abilities: ['gate'] },
  ),

  frameworkCase(
    'readiness tells the change that runs, since when, and how far it has come',
    async (scene) => {
      const before = Date.now();
      const process = await scene.holding();
      const answer = await scene.untilAnswer(
        process,
        '/health/ready',
        ({ text }) => entryIn(text, 'error')?.['state'] === 'running',
      );
      assert.equal(answer.status, 503);
      const { current, ...entry } = entryIn(answer.text, 'error') ?? {};
      same(entry, { status: 'down', state: 'running', applied: 1, pending: 2 });
      const { since, ...change } = current as { readonly since: string };
      same(change, {
        change: '_0002__EnterOrders',
        targetSystem: 'order-book',
        progress: { done: 1, total: 2, note: 'half of the orders' },
      });
      assert.ok(Date.parse(since) >= before && Date.parse(since) <= Date.now(), since);
    },
    { abilities: ['gate'] },
  ),

  frameworkCase(
    'readiness tells for whom an instance waits',
    async (scene) => {
      const { processId } = await scene.holding();
      const waiting = await scene.deployment.start();
      const answer = await scene.untilAnswer(
        waiting,
        '/health/ready',
        ({ text }) => entryIn(text, 'error')?.['state'] === 'waiting',
      );
      assert.equal(answer.status, 503);
      const holder = entryIn(answer.text, 'error')?.['holder'] as Record<string, unknown>;
      assert.equal(holder['processId'], processId);
      assert.equal(typeof holder['host'], 'string');
      assert.ok(Number.isFinite(Date.parse(String(holder['since']))), String(holder['since']));
    },
    { abilities: ['gate'] },
  ),

  frameworkCase(
    'readiness tells of a failure by its code, where the process stays',
    async (scene) => {
      const process = await scene.deployment.start({ behaviour: 'failing', onFailure: 'stay' });
      const answer = await scene.untilAnswer(
        process,
        '/health/ready',
        ({ text }) => entryIn(text, 'error')?.['state'] === 'failed',
      );
      assert.equal(answer.status, 503);
      same(entryIn(answer.text, 'error')?.['error'], { code: 'FLG_CHANGE_FAILED' });
      assert.ok(!answer.text.includes(scene.deployment.secret), 'and no secret');
      const refused = await ask(`${process.url}/orders`);
      assert.ok(typeof refused !== 'string' && refused.status === 503, 'nothing is served');
    },
    { abilities: ['gate'] },
  ),

  frameworkCase(
    'readiness is up, with the counts, when the application serves',
    async (scene) => {
      const process = await scene.serving();
      const answer = await scene.untilAnswer(process, '/health/ready', () => true);
      assert.match(String(answer.headers['content-type']), /^application\/json/);
      assert.equal((JSON.parse(answer.text) as Body).status, 'ok');
      const ready = { status: 'up', state: 'ready', applied: EFFECTS.length, pending: 0 };
      same(entryIn(answer.text, 'info'), ready);
      same(entryIn(answer.text, 'details'), ready);
      same((JSON.parse(answer.text) as Body).error, {});
    },
    { abilities: ['http'] },
  ),
];

type Part = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The body of the readiness route, as Terminus has it. */
interface Body {
  readonly status: unknown;
  readonly info: Part;
  readonly error: Part;
  readonly details: Part;
}

/** What one part of the body says of the engine. */
function entryIn(
  text: Answer['text'],
  part: 'info' | 'error' | 'details',
): Readonly<Record<string, unknown>> | undefined {
  try {
    return (JSON.parse(text) as Partial<Body>)[part]?.['flamingock'];
  } catch {
    return undefined;
  }
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLAIMS } from '../tools/story/claims.mjs';
import { playStory, type StoryFacts } from '../tools/story/story.mjs';
import { notAsWritten } from './harness/readme.js';
import { Sandbox } from './harness/sandbox.mjs';

const silent = { scene: () => undefined, quote: () => undefined };

describe.each([
  ['answers 503', 'unavailable'],
  ['refuses connections', 'refusing'],
] as const)('The story, while the contract service %s', (_, outage) => {
  let sandbox: Sandbox;
  let facts: StoryFacts;

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    facts = await playStory(sandbox, outage, silent);
  }, 120_000);
  afterAll(() => sandbox.close());

  it.each(CLAIMS)('$text', ({ holds }) => {
    expect(holds(facts) ? 'met' : facts).toBe('met');
  });

  it('was refused for the reason that was staged', () => {
    const reason = outage === 'unavailable' ? 'was answered with 503' : 'ECONNREFUSED';
    expect(facts.refused.output).toContain(reason);
    expect(facts.requests.contracts).toEqual(
      outage === 'unavailable'
        ? ['POST /contracts/order-response/fields 503', 'POST /contracts/order-response/fields 201']
        : ['POST /contracts/order-response/fields 201'],
    );
  });

  it('is told in the README as it happens', () => {
    const { refused, resumed, replicas, requests } = facts;
    const written = [
      ...[refused, resumed, ...replicas].map(({ output }) => output),
      ...Object.entries(requests).flatMap(([service, lines]) => lines.map((line) => `${service}: ${line}`)),
    ];
    const shown = outage === 'unavailable' ? [0, 1, 2] : [2];
    expect(notAsWritten('What happens when something fails', written, shown)).toEqual([]);
  });
});

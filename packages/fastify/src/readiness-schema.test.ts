import type { AddressInfo } from 'node:net';
import type { Readiness } from '@flamingock/core';
import { readinessAnswer } from '@flamingock/core/hosting';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { readinessSchema } from './readiness-schema.js';

/** Everything that a probe may be told. */
const everything: Required<Readiness> = {
  ready: false,
  state: 'waiting',
  applied: 3,
  pending: 2,
  current: {
    change: '_0004__FillZone',
    targetSystem: 'shipping-db',
    since: '2026-01-02T03:04:05.678Z',
    progress: { done: 1.5, total: 3, note: 'zone 7' },
  },
  holder: { host: 'shipping-7f9c', processId: 17, since: '2026-01-02T03:04:05.678Z' },
  error: { code: 'FLG_ISSUE_OPEN' },
};

let app: FastifyInstance;
beforeEach(async () => {
  // What the schema does not know is refused, and nothing is made to fit.
  app = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
  app.post('/', { schema: { body: readinessSchema } }, async () => 'fits');
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

async function judged(body: object): Promise<string> {
  const { port } = app.server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return answer.text();
}

test.each<[string, Record<string, Readiness>]>([
  ['everything that can be told', { flamingock: everything }],
  ['several engines', { orders: everything, billing: { ...everything, ready: true, state: 'degraded' } }],
  ['the least', { flamingock: { ready: true, state: 'ready', applied: 0, pending: 0 } }],
])('the schema describes %s', async (_what, engines) => {
  expect(await judged(readinessAnswer(engines).body)).toBe('fits');
});

test('the schema refuses what no probe is told', async () => {
  const { body } = readinessAnswer({ flamingock: everything });
  expect(await judged({ ...body, secret: 'hunter2' })).toMatch(/must NOT have additional properties/);
  const entry = { ...body.details['flamingock'], reason: 'unknown' };
  expect(await judged({ ...body, details: { flamingock: entry } })).toMatch(
    /must NOT have additional properties/,
  );
});

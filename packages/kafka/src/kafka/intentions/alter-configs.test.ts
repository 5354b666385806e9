import { expect, test } from '@jest/globals';
import type { Admin } from 'kafkajs';
import { type FakeTopic, fakeKafka } from '../../../test/fake-kafka.js';
import { Connection } from '../connection.js';
import { alterConfigs, type ConfigValues } from './alter-configs.js';

/** What is sent for a topic with these configurations, `there` and `back`. */
async function sentFor(configs: FakeTopic['configs'], from?: ConfigValues) {
  const sent: Parameters<Admin['alterConfigs']>[0][] = [];
  let now = configs;
  const kafka = fakeKafka(() => ({ partitions: 1, configs: now }), {
    alterConfigs: async (request) => {
      sent.push(request);
      const [resource] = request.resources;
      now = Object.fromEntries(resource?.configEntries.map(({ name, value }) => [name, value]) ?? []);
    },
  });
  const connection = new Connection({ kafka, admin: undefined, calls: undefined, use: undefined });
  const intention = alterConfigs({
    topic: 'orders',
    configs: { 'retention.ms': 2 },
    ...(from === undefined ? {} : { from }),
  });
  const of = (happens: Promise<unknown> | undefined) =>
    (happens ?? Promise.resolve()).then(
      () => now,
      (error: unknown) => (error as Error).message,
    );
  return {
    sent,
    apply: () => of(intention.apply({ connection })),
    rollback: () => of(intention.rollback?.({ connection })),
  };
}

test('what is not named is sent again; where that cannot be read, nothing is sent', async () => {
  const open = await sentFor({ 'retention.ms': '1', 'cleanup.policy': 'compact' });
  expect(await open.apply()).toEqual({ 'retention.ms': '2', 'cleanup.policy': 'compact' });
  const secret = await sentFor({ 'retention.ms': '1', token: null });
  expect(await secret.apply()).toContain('token would be lost');
  expect(secret.sent).toEqual([]);
});

test.each<[string, FakeTopic['configs'], unknown]>([
  ['what it has set', { 'retention.ms': '2' }, { 'retention.ms': '1' }],
  ['what was there before', { 'retention.ms': '1' }, { 'retention.ms': '1' }],
  [
    'what somebody else has set',
    { 'retention.ms': '3' },
    'somebody else has configured it: topic orders: retention.ms: want 1, has 3, where 2 was expected',
  ],
])('the way back from %s', async (_what, found, left) => {
  const { rollback } = await sentFor(found, { 'retention.ms': 1 });
  expect(await rollback()).toEqual(left);
});

test('with what was there before, another value is refused on the way there too', async () => {
  const { apply, sent } = await sentFor({ 'retention.ms': '3' }, { 'retention.ms': null });
  expect(await apply()).toContain('want 2, has 3, where none of its own was expected');
  expect(sent).toEqual([]);
});

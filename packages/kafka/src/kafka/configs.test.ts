import { expect, test } from '@jest/globals';
import { inForceDifferences, isOwn } from './configs.js';
import type { FoundTopic } from './topic-state.js';

function topic(configs: Readonly<Record<string, string>>, unreadable: readonly string[] = []): FoundTopic {
  const inForce = new Map(Object.entries({ 'retention.ms': '604800000', ...configs }));
  return { topic: 'orders', partitions: 1, replication: 1, configs, inForce, unreadable };
}

test.each<[string, string | number | boolean, boolean]>([
  ['compact, delete', 'compact,delete', true],
  ['compact', 'compact,delete', false],
  ['TRUE', true, true],
  ['false', true, false],
  ['0.50', 0.5, true],
  ['060000', 60_000, true],
  ['9223372036854775807', '9223372036854775806', false],
  ['producer', 'Producer', false],
])('%s is the same as %s: %s', (found, wanted, same) => {
  expect(isOwn(topic({ name: found }), 'name', wanted)).toBe(same);
});

test('what the brokers have is in force, and none of its own', () => {
  expect(inForceDifferences(topic({}), { 'retention.ms': 604_800_000 })).toEqual([]);
  expect(isOwn(topic({}), 'retention.ms', 604_800_000)).toBe(false);
  expect(isOwn(topic({}), 'retention.ms', null)).toBe(true);
});

test('a value that cannot be read is neither the wanted one nor none', () => {
  const found = topic({}, ['token']);
  expect([isOwn(found, 'token', 'a'), isOwn(found, 'token', null)]).toEqual([false, false]);
});

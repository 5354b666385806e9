import { expect, test } from '@jest/globals';
import { type FakeTopic, fakeKafka } from '../../../test/fake-kafka.js';
import { Connection } from '../connection.js';
import { ensureTopic } from './ensure-topic.js';

const WANTED = { topic: 'orders', partitions: 3, configs: { 'retention.ms': 1 }, deleteOnRollback: true };
const AS_WANTED: FakeTopic = { partitions: 3, configs: { 'retention.ms': '1' } };
const OTHERWISE: FakeTopic = { partitions: 3, configs: { 'retention.ms': '2' } };

test.each<[string, FakeTopic, string]>([
  ['as wanted', AS_WANTED, 'taken'],
  ['otherwise', OTHERWISE, 'it is there with other settings: topic orders: retention.ms: want 1, has 2'],
])('somebody else creates it between the look and the request, %s', async (_how, theirs, outcome) => {
  let there: FakeTopic | undefined;
  let looks = 0;
  // A broker shows it only a little later.
  const seen = (): FakeTopic | undefined => (there !== undefined && (looks += 1) > 2 ? there : undefined);
  const kafka = fakeKafka(seen, {
    createTopics: async () => {
      there = theirs;
      return false;
    },
  });
  const connection = new Connection({ kafka, admin: undefined, calls: undefined, use: undefined });
  const ended = await ensureTopic(WANTED)
    .apply({ connection })
    .then(
      () => 'taken',
      (error: unknown) => (error as Error).message,
    );
  expect(ended).toBe(outcome);
});

test.each<[string, FakeTopic, string]>([
  ['as wanted', AS_WANTED, 'deleted'],
  ['with more partitions', { ...AS_WANTED, partitions: 6 }, 'deleted'],
  ['with other settings', OTHERWISE, 'there'],
])('the way back of one that is there %s', async (_how, found, left) => {
  const cluster: { topic: FakeTopic | undefined } = { topic: found };
  const kafka = fakeKafka(() => cluster.topic, {
    fetchTopicOffsets: async () => [],
    deleteTopics: async () => {
      cluster.topic = undefined;
    },
  });
  const connection = new Connection({ kafka, admin: undefined, calls: undefined, use: undefined });
  await ensureTopic(WANTED)
    .rollback?.({ connection })
    .catch(() => undefined);
  expect(cluster.topic === undefined ? 'deleted' : 'there').toBe(left);
});

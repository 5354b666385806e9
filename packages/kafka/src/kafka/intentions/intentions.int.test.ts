import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { describeWith } from '../../../../../tools/services/describe-with.mjs';
import { type KafkaCluster, ownKafka, startKafka } from '../../../../../tools/services/kafka.mjs';
import { Connection } from '../connection.js';
import { KafkaEvolution } from '../kafka-evolution.js';
import { type AclEntry, ensureAcls, removeAcls } from './acls.js';
import { alterConfigs } from './alter-configs.js';
import { deleteTopic } from './delete-topic.js';
import { ensureTopic } from './ensure-topic.js';
import { increasePartitions } from './increase-partitions.js';

const describeWithKafka = await describeWith(ownKafka);

describeWithKafka('intentions', () => {
  let cluster: KafkaCluster;
  let evolution: KafkaEvolution;

  beforeAll(async () => {
    cluster = await startKafka({ users: [] });
    const kafka = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING });
    evolution = new KafkaEvolution(
      new Connection({ kafka, admin: undefined, calls: undefined, use: undefined }),
    );
  }, 60_000);

  afterAll(() => cluster.stop());

  describe('ensureTopic', () => {
    const wanted = (topic: string) =>
      ({ topic, partitions: 3, replication: 1, configs: { 'retention.ms': 60_000 } }) as const;

    it('creates a topic once, and tells what was there', async () => {
      const topic = cluster.topic();
      const intention = ensureTopic(wanted(topic));
      expect(await evolution.verify([intention])).toEqual({
        verdict: 'NOT_APPLIED',
        differences: [`topic ${topic}: missing`],
      });
      expect(await evolution.ensureTopic(wanted(topic))).toBeUndefined();
      expect(await evolution.verify([intention])).toEqual({ verdict: 'APPLIED' });
      expect(await evolution.ensureTopic(wanted(topic))).toEqual({
        topic,
        partitions: 3,
        replication: 1,
        configs: { 'retention.ms': '60000' },
      });
    });

    it('leaves a topic with other settings alone, and says how it differs', async () => {
      const topic = cluster.topic();
      await evolution.ensureTopic({ topic, partitions: 2 });
      const differences = [
        `topic ${topic}: partitions: want 3, has 2`,
        `topic ${topic}: retention.ms: want 60000, has 604800000`,
      ];
      await expect(evolution.ensureTopic(wanted(topic))).rejects.toMatchObject({
        code: 'REFUSED',
        message: expect.stringContaining(differences.join('; ')),
      });
      expect(await evolution.verify([ensureTopic(wanted(topic))])).toEqual({
        verdict: 'NOT_APPLIED',
        differences,
      });
    });

    it('is taken back only where it is told to, and never with records', async () => {
      const topic = cluster.topic();
      expect(ensureTopic({ topic })).not.toHaveProperty('rollback');
      const intention = ensureTopic({ topic, deleteOnRollback: true });
      await evolution.apply([intention]);
      await evolution.producer((producer) => producer.send({ topic, messages: [{ value: 'one' }] }));
      await expect(evolution.rollback([intention])).rejects.toThrow('holds about 1 records');
      await evolution.deleteTopic({ topic, irrevocably: true, withData: true });
      await evolution.apply([intention]);
      await evolution.rollback([intention]);
      expect((await evolution.verify([intention])).verdict).toBe('NOT_APPLIED');
    });
  });

  it('increasePartitions only ever adds', async () => {
    const topic = cluster.topic();
    const intention = increasePartitions({ topic, to: 12 });
    await expect(evolution.apply([intention])).rejects.toMatchObject({ code: 'REFUSED' });
    await evolution.ensureTopic({ topic, partitions: 6 });
    expect((await evolution.verify([intention])).differences).toEqual([
      `topic ${topic}: partitions: want 12, has 6`,
    ]);
    expect(await evolution.increasePartitions({ topic, to: 12 })).toMatchObject({ partitions: 6 });
    expect(await evolution.increasePartitions({ topic, to: 8 })).toMatchObject({ partitions: 12 });
    expect(await evolution.verify([intention])).toEqual({ verdict: 'APPLIED' });
  });

  it('alterConfigs keeps what is not named, and goes back', async () => {
    const topic = cluster.topic();
    await evolution.ensureTopic({ topic, configs: { 'cleanup.policy': 'compact', 'retention.ms': 60_000 } });
    const from = { 'retention.ms': '60000', 'max.message.bytes': null };
    const intention = alterConfigs({
      topic,
      configs: { 'retention.ms': null, 'max.message.bytes': 2_000_000 },
      from,
    });
    expect(await evolution.apply([intention])).toEqual([from]);
    expect(await evolution.verify([intention])).toEqual({ verdict: 'APPLIED' });
    expect(await evolution.ensureTopic({ topic })).toMatchObject({
      configs: { 'cleanup.policy': 'compact', 'max.message.bytes': '2000000' },
    });
    await evolution.rollback([intention]);
    expect((await evolution.verify([intention])).differences).toEqual([
      `topic ${topic}: retention.ms: want none of its own, has 60000`,
      `topic ${topic}: max.message.bytes: want 2000000, has none of its own`,
    ]);
  });

  it('alterConfigs gives a topic its own value, also where the brokers have the same', async () => {
    const topic = cluster.topic();
    await evolution.ensureTopic({ topic });
    await evolution.alterConfigs({ topic, configs: { 'retention.ms': 604_800_000 } });
    expect(await evolution.ensureTopic({ topic })).toMatchObject({
      configs: { 'retention.ms': '604800000' },
    });
  });

  it('ensureAcls and removeAcls act on exactly what is named', async () => {
    const topic = cluster.topic();
    const acl = (
      operation: AclEntry['operation'],
      pattern: 'LITERAL' | 'PREFIXED' = 'LITERAL',
    ): AclEntry => ({
      principal: 'User:orders',
      operation,
      resource: { type: 'TOPIC', name: topic, pattern },
    });
    await evolution.ensureAcls([acl('READ'), acl('READ', 'PREFIXED')]);
    expect(await evolution.ensureAcls([acl('READ'), acl('WRITE')])).toEqual([acl('READ')]);
    expect(await evolution.removeAcls([acl('READ')])).toEqual([acl('READ')]);
    expect(
      await evolution.verify([ensureAcls([acl('READ'), acl('WRITE'), acl('READ', 'PREFIXED')])]),
    ).toEqual({
      verdict: 'NOT_APPLIED',
      differences: [`ACL User:orders READ on TOPIC ${topic}: missing`],
    });
    expect((await evolution.verify([removeAcls([acl('WRITE')])])).differences).toEqual([
      `ACL User:orders WRITE on TOPIC ${topic}: want none, is there`,
    ]);
    expect(removeAcls([acl('READ')])).not.toHaveProperty('rollback');
    await evolution.rollback([removeAcls([acl('READ')], { addOnRollback: true })]);
    const read = ensureAcls([acl('READ')], { removeOnRollback: true });
    expect(await evolution.verify([read])).toEqual({ verdict: 'APPLIED' });
    await evolution.rollback([read]);
    expect((await evolution.verify([read])).verdict).toBe('NOT_APPLIED');
  });

  it('says what a broker says, by the word of the protocol', async () => {
    await expect(
      evolution.ensureTopic({ topic: cluster.topic(), configs: { 'retention.ms': 'for ever' } }),
    ).rejects.toMatchObject({ name: 'KafkaError', code: 'INVALID_CONFIG' });
    await expect(evolution.ensureTopic({ topic: cluster.topic(), replication: 9 })).rejects.toMatchObject({
      code: 'INVALID_REPLICATION_FACTOR',
    });
  });
});

describe('what an intention is told is checked when the change is declared', () => {
  test.each<[string, () => unknown, string]>([
    ['a topic without a name', () => ensureTopic({ topic: '' }), 'FLG_OPTION_INVALID'],
    ['half a partition', () => increasePartitions({ topic: 'a', to: 0.5 }), 'FLG_OPTION_INVALID'],
    ['a word too many', () => ensureTopic({ topic: 'a', partition: 1 } as never), 'FLG_OPTION_UNKNOWN'],
    [
      'a way back to other names',
      () => alterConfigs({ topic: 'a', configs: { a: 1 }, from: { b: 1 } }),
      'FLG_OPTION_INVALID',
    ],
    ['a deletion without its word', () => deleteTopic({ topic: 'a' } as never), 'FLG_OPTION_INVALID'],
    [
      'an operation that Kafka does not know',
      () =>
        ensureAcls([
          { principal: 'User:a', operation: 'LOOK' as never, resource: { type: 'TOPIC', name: 'a' } },
        ]),
      'FLG_OPTION_INVALID',
    ],
    ['no ACL at all', () => ensureAcls([]), 'FLG_OPTION_INVALID'],
  ])('%s', (_what, declare, code) => {
    expect(declare).toThrow(expect.objectContaining({ code }));
  });
});

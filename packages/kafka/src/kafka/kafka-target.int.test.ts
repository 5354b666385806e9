import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { createFlamingock, defineChange, memoryAuditStore, type Target } from '@flamingock/core';
import { type IHeaders, Kafka, logLevel } from 'kafkajs';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { kafka as kafkaService, type KafkaCluster, startKafka } from '../../../../tools/services/kafka.mjs';
import { KafkaEvolution } from './kafka-evolution.js';
import { kafkaTarget } from './kafka-target.js';

const describeWithKafka = await describeWith(kafkaService);

describeWithKafka('a Kafka cluster as a target', () => {
  let cluster: KafkaCluster;
  let kafka: Kafka;

  beforeAll(async () => {
    cluster = await startKafka();
    kafka = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING });
  }, 60_000);

  afterAll(() => cluster.stop());

  function run(events: Target, apply: (kafka: KafkaEvolution) => Promise<unknown>) {
    const change = defineChange({
      id: 'seed-order-events',
      name: '_0001__SeedOrderEvents',
      inject: { kafka: KafkaEvolution },
      apply: (clients) => apply(clients.kafka),
    });
    return createFlamingock({
      service: 'orders',
      environment: 'test',
      auditStore: memoryAuditStore(),
      targets: { events },
      changes: [change],
      logger: false,
    }).run();
  }

  async function headersIn(topic: string): Promise<IHeaders | undefined> {
    const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    try {
      return await new Promise((resolve) => {
        void consumer.run({ eachMessage: async ({ message }) => resolve(message.headers) });
      });
    } finally {
      await consumer.disconnect();
    }
  }

  it('gives a change a producer, whose records carry its id', async () => {
    const topic = cluster.topic();
    await run(kafkaTarget(kafka), async (evolution) => {
      await evolution.ensureTopic({ topic });
      await evolution.producer((producer) =>
        producer.send({ topic, messages: [{ value: 'one', headers: { kind: 'seed' } }] }),
      );
    });
    const headers = await headersIn(topic);
    expect(String(headers?.['flamingock-change'])).toBe('seed-order-events');
    expect(String(headers?.['kind'])).toBe('seed');
  }, 60_000);

  it('uses an admin of the application, and does not close it', async () => {
    const topic = cluster.topic();
    const admin = kafka.admin();
    await admin.connect();
    try {
      let opened = 0;
      const counting = Object.assign(Object.create(kafka) as Kafka, {
        admin: () => {
          opened += 1;
          return kafka.admin();
        },
      });
      await run(kafkaTarget(counting, { admin }), (evolution) => evolution.ensureTopic({ topic }));
      expect(opened).toBe(0);
      expect(await admin.listTopics()).toContain(topic);
    } finally {
      await admin.disconnect();
    }
  });

  it('lends nothing to a change that is over', async () => {
    let kept: KafkaEvolution | undefined;
    await run(kafkaTarget(kafka), async (evolution) => {
      kept = evolution;
    });
    await expect(kept?.ensureTopic({ topic: cluster.topic() })).rejects.toThrow(
      'this call of the change is over',
    );
  });
});

describe('what the target is told is checked', () => {
  test.each<[string, () => unknown, string]>([
    ['something else than a Kafka', () => kafkaTarget({} as never), 'FLG_OPTION_INVALID'],
    [
      'an empty identity',
      () => kafkaTarget(new Kafka({ brokers: [] }), { identity: ' ' }),
      'FLG_OPTION_INVALID',
    ],
    [
      'a word that it does not know',
      () => kafkaTarget(new Kafka({ brokers: [] }), { name: 'a' } as never),
      'FLG_OPTION_UNKNOWN',
    ],
  ])('%s', (_what, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { describeWith } from './describe-with.mjs';
import { type KafkaCluster, ownKafka, startKafka } from './kafka.mjs';

const describeWithKafka = await describeWith(ownKafka);

describeWithKafka('a Kafka broker', () => {
  let cluster: KafkaCluster;

  beforeAll(async () => {
    cluster = await startKafka({ users: ['orders'], proxied: true });
  }, 60_000);

  afterAll(() => cluster.stop());

  /** The topics that a client sees, which does not repeat what fails. */
  async function topicsFor(config: { readonly brokers: string[] }) {
    const kafka = new Kafka({ ...config, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    const admin = kafka.admin();
    try {
      await admin.connect();
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  }

  async function create(topic: string) {
    const admin = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await admin.disconnect();
  }

  it('can be killed, and still has what it had', async () => {
    const topic = cluster.topic();
    await create(topic);
    await cluster.kill();
    await expect(topicsFor(cluster)).rejects.toThrow('ECONNREFUSED');
    await cluster.restart();
    expect(await topicsFor(cluster)).toContain(topic);
  }, 60_000);

  it('is reached by way of its proxy', async () => {
    await cluster.proxy.setMode('refuse');
    await expect(topicsFor({ brokers: cluster.proxiedBrokers })).rejects.toThrow('ECONNREFUSED');
    await cluster.proxy.setMode('normal');
    await expect(topicsFor({ brokers: cluster.proxiedBrokers })).resolves.toEqual(expect.any(Array));
  });

  it('lets a user see what ACLs allow, and nobody in who is none', async () => {
    const topic = cluster.topic();
    await create(topic);
    expect(await topicsFor(cluster.logon('orders'))).not.toContain(topic);
    await expect(topicsFor(cluster.logon('nobody'))).rejects.toThrow('SASL');
  });
});

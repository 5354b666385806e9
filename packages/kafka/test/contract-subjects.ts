import { Kafka } from 'kafkajs';
import { kafkaTarget } from '../src/kafka/kafka-target.js';
import { schemaRegistryTarget } from '../src/registry/schema-registry-target.js';

/** What `docs/capabilities.md` tells of this package. Nothing is connected to. */
export const auditStores = [];

export const targets = [
  {
    name: '`kafkaTarget`',
    lacksTransactions: 'Kafka has none for topics, configurations and ACLs',
    sample: () => kafkaTarget(new Kafka({ brokers: ['127.0.0.1:9092'] })),
  },
  {
    name: '`schemaRegistryTarget`',
    lacksTransactions: 'its REST API has none',
    sample: () => schemaRegistryTarget({ url: 'http://127.0.0.1:8081' }),
  },
];

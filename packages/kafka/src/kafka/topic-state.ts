import type { ConfigResourceTypes } from 'kafkajs';
import type { Connection } from './connection.js';
import { type CallForPeople, KafkaError } from './kafka-error.js';

/** A topic as it is. */
export interface TopicState {
  readonly topic: string;
  readonly partitions: number;
  /** Of its first partition. */
  readonly replication: number;
  /** What is configured for this topic itself, by name. */
  readonly configs: Readonly<Record<string, string>>;
}

/** A topic as it is, with the values that hold, its own and those of the brokers. */
export interface FoundTopic extends TopicState {
  readonly inForce: ReadonlyMap<string, string>;
  /** Names of configurations of this topic itself whose values are not shown. */
  readonly unreadable: readonly string[];
}

/** Of the protocol. An enumeration of kafkajs, which this package does not load. */
export const TOPIC_RESOURCE = 2 as unknown as ConfigResourceTypes;
const OF_THE_TOPIC = 1;

/** Reads a topic; `undefined` where there is none. */
export async function readTopic(connection: Connection, topic: string): Promise<FoundTopic | undefined> {
  // Asked first, because it tells a topic that is missing from one that may not be seen.
  const entries = await missingIsUndefined(
    connection.read(looking(topic), async (admin) => {
      const { resources } = await admin.describeConfigs({
        resources: [{ type: TOPIC_RESOURCE, name: topic }],
        includeSynonyms: false,
      });
      return resources[0]?.configEntries ?? [];
    }),
  );
  if (entries === undefined) return undefined;
  const partitions = await missingIsUndefined(
    connection.read(looking(topic), async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics.find(({ name }) => name === topic)?.partitions;
    }),
  );
  if (partitions === undefined) return undefined;
  // Declared as texts by kafkajs; those of sensitive ones are missing.
  const values = entries.map(({ configName, configSource, configValue }) => ({
    name: configName,
    own: (configSource as number) === OF_THE_TOPIC,
    value: (configValue as string | null) ?? undefined,
  }));
  const readable = values.flatMap(({ value, ...one }) => (value === undefined ? [] : [{ ...one, value }]));
  return {
    topic,
    partitions: partitions.length,
    replication: partitions[0]?.replicas.length ?? 0,
    configs: Object.fromEntries(readable.filter(({ own }) => own).map(({ name, value }) => [name, value])),
    inForce: new Map(readable.map(({ name, value }) => [name, value])),
    unreadable: values.filter(({ own, value }) => own && value === undefined).map(({ name }) => name),
  };
}

/** What an intention tells of a topic. */
export function stateOf({ topic, partitions, replication, configs }: FoundTopic): TopicState {
  return { topic, partitions, replication, configs };
}

function looking(topic: string): CallForPeople {
  return { what: `describe topic ${topic}`, needs: 'Describe and DescribeConfigs on the topic' };
}

async function missingIsUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof KafkaError && error.code === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw error;
  }
}

import type { ConfigResourceTypes } from 'kafkajs';
import type { Connection } from './connection.js';
import { KafkaError } from './kafka-error.js';

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
}

/** Of the protocol. An enumeration of kafkajs, which this package does not load. */
export const TOPIC_RESOURCE = 2 as unknown as ConfigResourceTypes;
const OF_THE_TOPIC = 1;

/** How long a topic that was created or deleted may take to be seen so, in milliseconds. */
const SEEN_WITHIN_MS = 15_000;
const PAUSE_MS = 50;

/** Reads a topic; `undefined` where there is none. */
export async function readTopic(connection: Connection, topic: string): Promise<FoundTopic | undefined> {
  // Asked first, because it tells a topic that is missing from one that may not be seen.
  const entries = await missingIsUndefined(
    connection.read(`describe topic ${topic}`, async (admin) => {
      const { resources } = await admin.describeConfigs({
        resources: [{ type: TOPIC_RESOURCE, name: topic }],
        includeSynonyms: false,
      });
      return resources[0]?.configEntries ?? [];
    }),
  );
  if (entries === undefined) return undefined;
  const partitions = await missingIsUndefined(
    connection.read(`describe topic ${topic}`, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics.find(({ name }) => name === topic)?.partitions;
    }),
  );
  if (partitions === undefined) return undefined;
  const own = entries.filter(({ configSource }) => (configSource as number) === OF_THE_TOPIC);
  return {
    topic,
    partitions: partitions.length,
    replication: partitions[0]?.replicas.length ?? 0,
    configs: Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue])),
    inForce: new Map(entries.map(({ configName, configValue }) => [configName, configValue])),
  };
}

/** What an intention tells of a topic. */
export function stateOf({ topic, partitions, replication, configs }: FoundTopic): TopicState {
  return { topic, partitions, replication, configs };
}

/** Waits until all brokers that are asked see it: what was changed is known to the controller first. */
export async function untilSeen(
  connection: Connection,
  topic: string,
  is: (found: FoundTopic | undefined) => boolean,
): Promise<void> {
  const deadline = performance.now() + SEEN_WITHIN_MS;
  while (!is(await readTopic(connection, topic))) {
    if (performance.now() > deadline)
      throw new KafkaError('NOT_SEEN', `topic ${topic}: the brokers took the change, and do not show it yet`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function missingIsUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof KafkaError && error.code === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw error;
  }
}

import type { Admin, Kafka } from 'kafkajs';

/** A topic as the brokers describe it. */
export interface FakeTopic {
  readonly partitions: number;
  /** Of the topic itself; `null`: its value is not shown. */
  readonly configs: Readonly<Record<string, string | null>>;
}

const OF_THE_TOPIC = 1;

/** As kafkajs says that there is no such topic. */
function missing(): Error {
  return Object.assign(new Error('missing'), { type: 'UNKNOWN_TOPIC_OR_PARTITION', code: 3 });
}

/**
 * A `Kafka` whose brokers know one topic, or none.
 *
 * @param topic asked at each look
 * @param more what else its admin does
 */
export function fakeKafka(topic: () => FakeTopic | undefined, more: Partial<Admin> = {}): Kafka {
  const described = (): FakeTopic => {
    const found = topic();
    if (found === undefined) throw missing();
    return found;
  };
  const admin = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    events: { REQUEST: 'request' },
    on: () => () => undefined,
    describeConfigs: async () => ({
      resources: [
        {
          configEntries: Object.entries(described().configs).map(([configName, configValue]) => ({
            configName,
            configValue,
            configSource: OF_THE_TOPIC,
          })),
        },
      ],
    }),
    fetchTopicMetadata: async ({ topics }: { readonly topics: readonly string[] }) => ({
      topics: topics.map((name) => ({
        name,
        partitions: Array.from({ length: described().partitions }, () => ({ replicas: [1] })),
      })),
    }),
    ...more,
  };
  return { admin: () => admin } as unknown as Kafka;
}

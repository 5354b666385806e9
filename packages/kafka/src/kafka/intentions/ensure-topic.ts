import type { Seen } from '../../intention.js';
import type { Connection } from '../connection.js';
import type { ConnectedClient, KafkaIntention } from '../kafka-intention.js';
import { inForceDifferences, isConfigs } from '../configs.js';
import { type FoundTopic, readTopic, stateOf, type TopicState } from '../topic-state.js';
import { untilSeen } from '../until-seen.js';
import { checkWanted, count, flag, optional, topicName } from '../wanted.js';
import { deleteTopic } from './delete-topic.js';

/** A topic as a change wants it. What is left out is as the brokers have it. */
export interface WantedTopic {
  readonly topic: string;
  /** At least so many: a later change may have added some. */
  readonly partitions?: number;
  /** How many brokers hold each partition. */
  readonly replication?: number;
  /** By Kafka's names: `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string | number | boolean>>;
  /**
   * The rollback deletes the topic, also where somebody else had created it. One with other settings than these is refused,
   * and one that is seen to hold a record; `deleteTopic` tells what is not seen. Default `false`: there is no way back.
   */
  readonly deleteOnRollback?: boolean;
}

const CREATE_TOPICS = 19;
const TIMEOUT_MS = 15_000;

/**
 * That there is a topic with these settings. It is created where it is missing; one that is there with other settings is
 * left alone and refused, because more partitions send a key elsewhere, and who made it may rely on the rest.
 *
 * Needs `DescribeConfigs` and `Describe` on the topic, and `Create` on it or on the cluster; `Delete` on it for
 * `deleteOnRollback`. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @returns an intention whose `apply` resolves to the topic that was there before; `undefined`: there was none
 */
export function ensureTopic(wanted: WantedTopic): KafkaIntention<TopicState | undefined> {
  checkWanted('ensureTopic()', wanted, {
    topic: topicName,
    partitions: optional(count),
    replication: optional(count),
    configs: optional([isConfigs, 'an object of names and values']),
    deleteOnRollback: flag,
  });
  const { topic } = wanted;
  return {
    wants: `topic ${topic}${settingsOf(wanted)}`,
    async apply({ connection }) {
      const before = await readTopic(connection, topic);
      const created = before === undefined && (await create(connection, wanted));
      const there = before ?? (await untilSeen(`topic ${topic}`, () => readTopic(connection, topic)));
      if (created) return undefined;
      // There before, or created by somebody else since it was looked for.
      assertAsWanted(connection, there, wanted);
      return stateOf(there);
    },
    look: async ({ connection }) => seen(await readTopic(connection, topic), wanted),
    ...(wanted.deleteOnRollback === true
      ? {
          rollback: async (kafka: ConnectedClient) => {
            const found = await readTopic(kafka.connection, topic);
            if (found !== undefined) assertAsWanted(kafka.connection, found, wanted);
            return deleteTopic({ topic, irrevocably: true }).apply(kafka);
          },
        }
      : {}),
  };
}

/** One with other settings is somebody else's. */
function assertAsWanted(connection: Connection, found: FoundTopic, wanted: WantedTopic): void {
  const differences = differencesOf(found, wanted);
  if (differences.length > 0)
    throw connection.refuse(`it is there with other settings: ${differences.join('; ')}`);
}

function settingsOf({ partitions, replication, configs }: WantedTopic): string {
  const settings = Object.entries({ partitions, replication, ...configs })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${String(value)}`);
  return settings.length === 0 ? '' : `: ${settings.join(', ')}`;
}

/** Resolves to `false` where somebody else has created it. */
function create(
  connection: Connection,
  { topic, partitions = -1, replication = -1, configs = {} }: WantedTopic,
): Promise<boolean> {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value: String(value) }));
  return connection.effect({
    what: `create topic ${topic}`,
    needs: 'Create on the topic or the cluster',
    apiKey: CREATE_TOPICS,
    things: 1,
    run: (admin) =>
      admin.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor: replication, configEntries }],
        // A failure of waiting would look like one of creating.
        waitForLeaders: false,
        timeout: TIMEOUT_MS,
      }),
  });
}

function seen(found: FoundTopic | undefined, wanted: WantedTopic): Seen {
  if (found === undefined) return { state: 'absent', differences: [`topic ${wanted.topic}: missing`] };
  const differences = differencesOf(found, wanted);
  return { state: differences.length === 0 ? 'there' : 'other', differences };
}

function differencesOf(found: FoundTopic, { topic, partitions, replication, configs = {} }: WantedTopic) {
  return [
    ...(partitions !== undefined && found.partitions < partitions
      ? [`topic ${topic}: partitions: want ${partitions}, has ${found.partitions}`]
      : []),
    ...(replication !== undefined && found.replication !== replication
      ? [`topic ${topic}: replication: want ${replication}, has ${found.replication}`]
      : []),
    ...inForceDifferences(found, configs),
  ];
}

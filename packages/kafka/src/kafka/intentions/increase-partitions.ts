import type { KafkaIntention } from '../kafka-intention.js';
import { readTopic, stateOf, type TopicState } from '../topic-state.js';
import { untilSeen } from '../until-seen.js';
import { checkWanted, count, topicName } from '../wanted.js';

/** How many partitions a topic shall have. */
export interface WantedPartitions {
  readonly topic: string;
  /** At least so many. */
  readonly to: number;
}

const CREATE_PARTITIONS = 37;
const TIMEOUT_MS = 15_000;

/**
 * That a topic has at least so many partitions. There is no way back: Kafka takes none away. From then on keys go to other
 * partitions than before.
 *
 * Needs `DescribeConfigs`, `Describe` and `Alter` on the topic. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @returns an intention whose `apply` resolves to the topic as it was before
 */
export function increasePartitions(wanted: WantedPartitions): KafkaIntention<TopicState | undefined> {
  checkWanted('increasePartitions()', wanted, { topic: topicName, to: count });
  const { topic, to } = wanted;
  return {
    wants: `topic ${topic}: partitions ${to}`,
    async apply({ connection }) {
      const before = await readTopic(connection, topic);
      if (before === undefined)
        throw connection.refuse(`topic ${topic} is missing: it must be created first`);
      if (before.partitions >= to) return stateOf(before);
      await connection.effect({
        what: `add partitions to topic ${topic}`,
        needs: 'Alter on the topic',
        apiKey: CREATE_PARTITIONS,
        things: 1,
        run: (admin) =>
          admin.createPartitions({ topicPartitions: [{ topic, count: to }], timeout: TIMEOUT_MS }),
      });
      await untilSeen(`topic ${topic}`, async () => {
        const found = await readTopic(connection, topic);
        return found !== undefined && found.partitions >= to;
      });
      return stateOf(before);
    },
    async look({ connection }) {
      const found = await readTopic(connection, topic);
      if (found === undefined) return { state: 'absent', differences: [`topic ${topic}: missing`] };
      if (found.partitions >= to) return { state: 'there', differences: [] };
      return {
        state: 'absent',
        differences: [`topic ${topic}: partitions: want ${to}, has ${found.partitions}`],
      };
    },
  };
}

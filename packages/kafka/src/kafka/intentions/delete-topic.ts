import type { Connection } from '../connection.js';
import type { KafkaIntention } from '../kafka-intention.js';
import { readTopic, stateOf, type TopicState } from '../topic-state.js';
import { untilSeen } from '../until-seen.js';
import { checkWanted, flag, topicName } from '../wanted.js';

/** A topic that shall go. */
export interface TopicToDelete {
  readonly topic: string;
  /** Must be said: nothing brings it back. */
  readonly irrevocably: true;
  /** Also where it is seen to hold records. Default `false`: then it is refused. */
  readonly withData?: boolean;
}

const DELETE_TOPICS = 20;
const TIMEOUT_MS = 15_000;

/**
 * That there is no such topic. One that is seen to hold a record is refused unless it is told otherwise. Not seen are the
 * records of a transaction that is still open and whatever comes after its first one, and what comes between the look and
 * the deletion: those are lost. There is no way back, and a repeat deletes what has been created by the same name since.
 *
 * Needs `DescribeConfigs`, `Describe` and `Delete` on the topic. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @returns an intention whose `apply` resolves to the topic as it was; `undefined`: there was none
 */
export function deleteTopic(wanted: TopicToDelete): KafkaIntention<TopicState | undefined> {
  checkWanted('deleteTopic()', wanted, {
    topic: topicName,
    irrevocably: [(value) => value === true, 'true, as a word that nothing brings the topic back'],
    withData: flag,
  });
  const { topic, withData = false } = wanted;
  return {
    wants: `no topic ${topic}`,
    async apply({ connection }) {
      const before = await readTopic(connection, topic);
      if (before === undefined) return undefined;
      const records = withData ? 0n : await recordsIn(connection, topic);
      if (records > 0n)
        throw connection.refuse(`topic ${topic} holds about ${records} records; withData: true deletes them`);
      await connection.effect({
        what: `delete topic ${topic}`,
        needs: 'Delete on the topic',
        apiKey: DELETE_TOPICS,
        things: 1,
        run: (admin) => admin.deleteTopics({ topics: [topic], timeout: TIMEOUT_MS }),
      });
      await untilSeen(`topic ${topic}`, async () => (await readTopic(connection, topic)) === undefined);
      return stateOf(before);
    },
    async look({ connection }) {
      const found = await readTopic(connection, topic);
      if (found === undefined) return { state: 'there', differences: [] };
      return { state: 'absent', differences: [`topic ${topic}: want none, is there`] };
    },
  };
}

/**
 * By its offsets. Transactions and compaction leave gaps, so that it may be fewer. kafkajs asks only for what is committed,
 * so that it may also be more: a partition ends for it where the first transaction begins that is still open.
 */
async function recordsIn(connection: Connection, topic: string): Promise<bigint> {
  const partitions = await connection.read(
    { what: `read the offsets of topic ${topic}`, needs: 'Describe on the topic' },
    (admin) => admin.fetchTopicOffsets(topic),
  );
  return partitions.reduce((sum, { high, low }) => sum + BigInt(high) - BigInt(low), 0n);
}

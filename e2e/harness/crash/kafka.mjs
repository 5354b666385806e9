import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../../../tools/services/kafka.mjs';
import { inSequence, ownOf } from './in-sequence.mjs';

/**
 * One cluster, in which the topics of a trial begin with its name.
 *
 * @param {import('../sandbox.mjs').Sandbox} sandbox
 * @returns {Promise<import('./systems.mjs').WatchedSystem>}
 */
export async function openKafka(sandbox) {
  const cluster = await startKafka();
  sandbox.onClose(() => cluster.stop());
  const admin = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  sandbox.onClose(() => admin.disconnect());
  return {
    address: () => cluster.brokers.join(','),
    effects: async ({ name }) => inSequence(ownOf(name, await admin.listTopics())),
  };
}

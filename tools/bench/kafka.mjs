import { parseArgs } from 'node:util';
import { createFlamingock, defineChange } from '@flamingock/core';
import { ensureTopic, intend, KafkaEvolution, kafkaTarget } from '@flamingock/kafka';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';
import kafkajs from 'kafkajs';
import { Sandbox } from '../../e2e/harness/sandbox.mjs';
import { startKafka } from '../services/kafka.mjs';
import { median, rounded } from './statistics.mjs';

/**
 * `node tools/bench/kafka.mjs [--rounds 20]`: the time of an intention, from the announcement of its change to its entry
 * in the ledger, beside the same calls made by hand with kafkajs: a connection, a look, the request, and looks until it is
 * seen. In turns, on one broker; the ledger is in SQLite. The packages have to be built. Prints one object of JSON.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const rounds = Number(values.rounds);

// Of a CommonJS module not every name can be imported by itself.
const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

const cluster = await startKafka();
const sandbox = await Sandbox.open();
try {
  const kafka = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING });
  /** @type {Record<'byHand' | 'intention', number[]>} */
  const taken = { byHand: [], intention: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const turns = /** @type {const} */ (['byHand', 'intention']);
    // Each of them is the first one as often as the other.
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const ms = turn === 'byHand' ? await byHand(kafka) : await asIntention(kafka, round);
      // The first round warms up.
      if (round > 0) taken[turn].push(ms);
    }
  }
  const [byHandMs, intentionMs] = [median(taken.byHand), median(taken.intention)];
  const result = {
    rounds,
    byHandMs: rounded(byHandMs),
    intentionMs: rounded(intentionMs),
    ratio: rounded(intentionMs / byHandMs),
  };
  console.log(JSON.stringify(result));
} finally {
  await sandbox.close();
  await cluster.stop();
}

/** @param {import('kafkajs').Kafka} kafka */
async function byHand(kafka) {
  const topic = cluster.topic();
  const began = performance.now();
  const admin = kafka.admin();
  await admin.connect();
  const look = () =>
    admin
      .describeConfigs({
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
        includeSynonyms: false,
      })
      .then(
        () => true,
        () => false,
      );
  await look();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 3, replicationFactor: -1 }],
    waitForLeaders: false,
  });
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 50));
  await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return performance.now() - began;
}

/**
 * @param {import('kafkajs').Kafka} kafka
 * @param {number} round
 */
async function asIntention(kafka, round) {
  const database = new Database(sandbox.path(`audit-${round}.db`));
  const flamingock = createFlamingock({
    service: 'bench',
    environment: 'bench',
    auditStore: sqlAuditStore(database),
    targets: { events: kafkaTarget(kafka) },
    changes: [
      defineChange({
        id: 'create-topic',
        name: '_0001__CreateTopic',
        targetSystem: 'events',
        ...intend(KafkaEvolution, [ensureTopic({ topic: cluster.topic(), partitions: 3 })]),
      }),
    ],
    logger: false,
  });
  const at = { began: NaN, recorded: NaN };
  flamingock.subscribe(({ type }) => {
    if (type === 'change-started') at.began = performance.now();
    if (type === 'change-applied') at.recorded = performance.now();
  });
  await flamingock.run();
  await flamingock.close();
  database.close();
  return at.recorded - at.began;
}

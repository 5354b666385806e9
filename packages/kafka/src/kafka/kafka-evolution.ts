import type { Admin, Producer } from 'kafkajs';
import type { ClientUse } from '@flamingock/core/spi';
import { IntentionClient } from '../intention.js';
import type { Connection } from './connection.js';
import { alterConfigs, type ConfigValues, type WantedConfigs } from './intentions/alter-configs.js';
import { type AclEntry, ensureAcls, removeAcls } from './intentions/acls.js';
import { deleteTopic, type TopicToDelete } from './intentions/delete-topic.js';
import { ensureTopic, type WantedTopic } from './intentions/ensure-topic.js';
import { increasePartitions, type WantedPartitions } from './intentions/increase-partitions.js';
import type { TopicState } from './topic-state.js';

/**
 * What a change is given of a Kafka cluster. Each operation may be repeated, does nothing where what it wants is there, and
 * resolves to what was there before.
 *
 * A failed one throws an error with the protocol's word as its `code`: `TOPIC_AUTHORIZATION_FAILED`, `INVALID_CONFIG`,
 * `POLICY_VIOLATION`; `ECONNREFUSED` where no broker was reached; `REFUSED` where it would not do what it was asked for.
 *
 * @example
 * apply: ({ kafka }) => kafka.ensureTopic({ topic: 'order-events', partitions: 12, configs: { 'retention.ms': 604_800_000 } })
 */
export class KafkaEvolution extends IntentionClient {
  /** For the intentions of this package. */
  readonly connection: Connection;

  constructor(connection: Connection, use?: ClientUse) {
    super(use);
    this.connection = connection;
  }

  /** Creates a topic that is missing. One that is there with other settings is refused. @see ensureTopic */
  ensureTopic(wanted: WantedTopic): Promise<TopicState | undefined> {
    return ensureTopic(wanted).apply(this);
  }

  /** Gives a topic more partitions. @see increasePartitions */
  increasePartitions(wanted: WantedPartitions): Promise<TopicState | undefined> {
    return increasePartitions(wanted).apply(this);
  }

  /** Sets configurations of a topic and keeps those that are not named. @see alterConfigs */
  alterConfigs(wanted: WantedConfigs): Promise<ConfigValues> {
    return alterConfigs(wanted).apply(this);
  }

  /** Adds ACLs. Resolves to those that were there. */
  ensureAcls(entries: readonly AclEntry[]): Promise<readonly AclEntry[]> {
    return ensureAcls(entries).apply(this);
  }

  /** Removes exactly these ACLs. Resolves to those that were there. */
  removeAcls(entries: readonly AclEntry[]): Promise<readonly AclEntry[]> {
    return removeAcls(entries).apply(this);
  }

  /** Deletes a topic that holds no record, unless it is told to. @see deleteTopic */
  deleteTopic(topic: TopicToDelete): Promise<TopicState | undefined> {
    return deleteTopic(topic).apply(this);
  }

  /**
   * Lends the admin of kafkajs, connected, until the promise settles. What is done with it cannot be followed, so where it
   * fails, nothing is proven.
   */
  admin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
    return this.connection.raw(use);
  }

  /**
   * Lends a producer, connected and idempotent, until the promise settles; each record that it sends carries the id of the
   * change in the header `flamingock-change`. Where it fails, nothing is proven.
   */
  producer<T>(use: (producer: Producer) => Promise<T>): Promise<T> {
    return this.connection.produce(use);
  }
}

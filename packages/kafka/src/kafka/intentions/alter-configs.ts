import { configDifferences, type ConfigValue, isConfigs, isPlain, isSet } from '../configs.js';
import type { ConnectedClient, KafkaIntention } from '../kafka-intention.js';
import { type FoundTopic, readTopic, TOPIC_RESOURCE } from '../topic-state.js';
import { untilSeen } from '../until-seen.js';
import { checkWanted, optional, topicName } from '../wanted.js';

/** Values by Kafka's names of configurations; `null`: the topic has none of its own, and that of the brokers holds. */
export type ConfigValues = Readonly<Record<string, ConfigValue>>;

/** How a topic shall be configured. */
export interface WantedConfigs {
  readonly topic: string;
  readonly configs: ConfigValues;
  /** What the change is taken back to, for each of them. Default: there is no way back. */
  readonly before?: ConfigValues;
}

const ALTER_CONFIGS = 33;

/**
 * That a topic has these configurations. Those that are not named stay as they are: kafkajs replaces all of them at once, so
 * they are read first and sent again with the new ones. That is not atomic: what somebody else sets in between is lost.
 *
 * Needs `DescribeConfigs`, `Describe` and `AlterConfigs` on the topic. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @returns an intention whose `apply` resolves to what the topic itself had for each of them
 */
export function alterConfigs(wanted: WantedConfigs): KafkaIntention<ConfigValues> {
  const { topic, configs, before } = wanted;
  const values: (value: unknown) => boolean = (value) =>
    isConfigs(value, (one) => one === null || isPlain(one));
  const sameNames = (value: unknown): boolean =>
    values(value) && names(value as object) === names(Object(configs) as object);
  checkWanted('alterConfigs()', wanted, {
    topic: topicName,
    configs: [values, 'an object of names and values'],
    before: optional([sameNames, 'an object with a value for each name of configs']),
  });
  return {
    wants: `topic ${topic}: ${Object.entries(configs)
      .map(([name, value]) => `${name} ${value ?? 'as the brokers have it'}`)
      .join(', ')}`,
    apply: (kafka) => set(kafka, topic, configs),
    async look({ connection }) {
      const found = await readTopic(connection, topic);
      if (found === undefined) return { state: 'absent', differences: [`topic ${topic}: missing`] };
      const differences = configDifferences(found, configs);
      if (differences.length === 0) return { state: 'there', differences };
      return {
        state: before !== undefined && hasAll(found, before) ? 'absent' : 'other',
        differences,
      };
    },
    ...(before === undefined ? {} : { takeBack: (kafka: ConnectedClient) => set(kafka, topic, before) }),
  };
}

async function set(
  { connection }: ConnectedClient,
  topic: string,
  configs: ConfigValues,
): Promise<ConfigValues> {
  const found = await readTopic(connection, topic);
  if (found === undefined) throw connection.refuse(`topic ${topic} is missing: it must be created first`);
  const before = Object.fromEntries(Object.keys(configs).map((name) => [name, found.configs[name] ?? null]));
  if (hasAll(found, configs)) return before;
  const merged: Readonly<Record<string, ConfigValue>> = { ...found.configs, ...configs };
  const configEntries = Object.entries(merged).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: String(value) }],
  );
  await connection.effect({
    what: `alter configurations of topic ${topic}`,
    needs: 'AlterConfigs on the topic',
    apiKey: ALTER_CONFIGS,
    things: 1,
    run: (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: TOPIC_RESOURCE, name: topic, configEntries }],
      }),
  });
  await untilSeen(`topic ${topic}`, async () => {
    const now = await readTopic(connection, topic);
    return now !== undefined && hasAll(now, configs);
  });
  return before;
}

function hasAll(found: FoundTopic, configs: ConfigValues): boolean {
  return Object.entries(configs).every(([name, value]) => isSet(found, name, value));
}

function names(value: object): string {
  return Object.keys(value).sort().join();
}

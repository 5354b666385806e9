import {
  type ConfigValue,
  isConfigs,
  isOwn,
  isPlain,
  NO_OWN_VALUE,
  ownDifference,
  ownDifferences,
} from '../configs.js';
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
  /**
   * What the topic itself has before, for each of them: the way back. Any other value found is somebody else's and
   * refused, there and back. Default: there is no way back, and whatever is found is replaced.
   */
  readonly from?: ConfigValues;
}

const ALTER_CONFIGS = 33;

/**
 * That a topic has these configurations. Those that are not named stay as they are: kafkajs replaces all of them at once, so
 * they are read first and sent again with the new ones. That is not atomic: what somebody else sets in between is lost.
 * Where one of them has no value that can be read, it is refused. What the brokers have is not the topic's own, also where
 * it is the same.
 *
 * Needs `DescribeConfigs`, `Describe` and `AlterConfigs` on the topic. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @returns an intention whose `apply` resolves to what the topic itself had for each of them
 */
export function alterConfigs(wanted: WantedConfigs): KafkaIntention<ConfigValues> {
  const { topic, configs, from } = wanted;
  const values: (value: unknown) => boolean = (value) =>
    isConfigs(value, (one) => one === null || isPlain(one));
  const sameNames = (value: unknown): boolean =>
    values(value) && names(value as object) === names(Object(configs) as object);
  checkWanted('alterConfigs()', wanted, {
    topic: topicName,
    configs: [values, 'an object of names and values'],
    from: optional([sameNames, 'an object with a value for each name of configs']),
  });
  return {
    wants: `topic ${topic}: ${Object.entries(configs)
      .map(([name, value]) => `${name} ${value ?? 'as the brokers have it'}`)
      .join(', ')}`,
    apply: (kafka) => set(kafka, topic, configs, from),
    async look({ connection }) {
      const found = await readTopic(connection, topic);
      if (found === undefined) return { state: 'absent', differences: [`topic ${topic}: missing`] };
      const differences = ownDifferences(found, configs);
      if (differences.length === 0) return { state: 'there', differences };
      return {
        state: from !== undefined && hasAll(found, from) ? 'absent' : 'other',
        differences,
      };
    },
    ...(from === undefined
      ? {}
      : {
          rollback: async (kafka: ConnectedClient) =>
            (await readTopic(kafka.connection, topic)) && set(kafka, topic, from, configs),
        }),
  };
}

/** @param known what else it may find than what it sets; absent: anything */
async function set(
  { connection }: ConnectedClient,
  topic: string,
  configs: ConfigValues,
  known: ConfigValues | undefined,
): Promise<ConfigValues> {
  const found = await readTopic(connection, topic);
  if (found === undefined) throw connection.refuse(`topic ${topic} is missing: it must be created first`);
  const before = Object.fromEntries(Object.keys(configs).map((name) => [name, found.configs[name] ?? null]));
  if (hasAll(found, configs)) return before;
  const foreign = known === undefined ? [] : foreignTo(found, configs, known);
  if (foreign.length > 0) throw connection.refuse(`somebody else has configured it: ${foreign.join('; ')}`);
  const lost = found.unreadable.filter((name) => !(name in configs));
  if (lost.length > 0)
    throw connection.refuse(
      `topic ${topic}: ${lost.join(', ')} would be lost: all are replaced at once, and that value cannot be read`,
    );
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

/** What is neither as wanted nor as known, a line each. */
function foreignTo(found: FoundTopic, wanted: ConfigValues, known: ConfigValues): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !isOwn(found, name, value) && !isOwn(found, name, known[name] ?? null))
    .map(([name, value]) => {
      const expected = known[name] ?? NO_OWN_VALUE;
      return `${ownDifference(found, name, value)}, where ${expected} was expected`;
    });
}

function hasAll(found: FoundTopic, configs: ConfigValues): boolean {
  return Object.entries(configs).every(([name, value]) => isOwn(found, name, value));
}

function names(value: object): string {
  return Object.keys(value).sort().join();
}

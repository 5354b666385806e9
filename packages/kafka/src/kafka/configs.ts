import type { FoundTopic } from './topic-state.js';

/** What a configuration is set to; `null`: not for this topic itself, so that the value of the brokers holds. */
export type ConfigValue = string | number | boolean | null;

/** Where a topic is configured otherwise than wanted, a line each. */
export function configDifferences(
  found: FoundTopic,
  wanted: Readonly<Record<string, ConfigValue>>,
): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !isSet(found, name, value))
    .map(([name, value]) => {
      const has = value === null ? found.configs[name] : found.inForce.get(name);
      return `topic ${found.topic}: ${name}: want ${value === null ? 'the default' : value}, has ${has ?? 'none'}`;
    });
}

export function isSet(found: FoundTopic, name: string, value: ConfigValue): boolean {
  return value === null ? found.configs[name] === undefined : found.inForce.get(name) === String(value);
}

/** Tells whether a value is an object of names and values. */
export function isConfigs(value: unknown, allowed: (value: unknown) => boolean = isPlain): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(allowed);
}

export function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

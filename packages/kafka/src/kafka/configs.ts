import type { FoundTopic } from './topic-state.js';

/** What a configuration is set to; `null`: not for this topic itself, so that the value of the brokers holds. */
export type ConfigValue = string | number | boolean | null;

/** For people. */
export const NO_OWN_VALUE = 'none of its own';

/** Where other values hold for a topic than are wanted, whether they are its own or those of the brokers, a line each. */
export function inForceDifferences(
  { topic, inForce }: FoundTopic,
  wanted: Readonly<Record<string, Exclude<ConfigValue, null>>>,
): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !isSame(inForce.get(name), value))
    .map(([name, value]) => `topic ${topic}: ${name}: want ${value}, has ${inForce.get(name) ?? 'none'}`);
}

/** Where a topic itself is configured otherwise than wanted, a line each. */
export function ownDifferences(
  found: FoundTopic,
  wanted: Readonly<Record<string, ConfigValue>>,
): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !isOwn(found, name, value))
    .map(([name, value]) => ownDifference(found, name, value));
}

export function ownDifference(found: FoundTopic, name: string, wanted: ConfigValue): string {
  const { topic, configs, unreadable } = found;
  const has = unreadable.includes(name) ? 'one that cannot be read' : (configs[name] ?? NO_OWN_VALUE);
  return `topic ${topic}: ${name}: want ${wanted ?? NO_OWN_VALUE}, has ${has}`;
}

/** Tells whether a topic itself has the value; `null`: whether it has none. One that cannot be read is another one. */
export function isOwn({ configs, unreadable }: FoundTopic, name: string, value: ConfigValue): boolean {
  return value === null
    ? configs[name] === undefined && !unreadable.includes(name)
    : isSame(configs[name], value);
}

function isSame(found: string | undefined, wanted: Exclude<ConfigValue, null>): boolean {
  return found !== undefined && canonical(found) === canonical(String(wanted));
}

/** As Kafka reads it: of a list each entry without spaces around it, numbers as numbers, `true` and `false` in any case. */
function canonical(value: string): string {
  return value
    .split(',')
    .map((entry) => canonicalEntry(entry.trim()))
    .join();
}

function canonicalEntry(entry: string): string {
  if (/^(true|false)$/i.test(entry)) return entry.toLowerCase();
  // Lengths of time reach 2^63 - 1, where a number of JavaScript is not exact.
  if (/^-?\d+$/.test(entry)) return String(BigInt(entry));
  return /^-?\d*\.\d+$/.test(entry) ? String(Number(entry)) : entry;
}

/** Tells whether a value is an object of names and values. */
export function isConfigs(value: unknown, allowed: (value: unknown) => boolean = isPlain): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(allowed);
}

export function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

import { hasDefault, isUnion, type AvroPrimitive, type AvroRecord, type AvroType } from './avro-schema.js';

export const COMPATIBILITY_LEVELS = ['NONE', 'BACKWARD', 'FORWARD', 'FULL'] as const;

/** What a new version must be able to do with its predecessor: read its data, be read by it, both, or nothing. */
export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number];

/** Avro's promotions: what is written as the first may be read as the others. */
const PROMOTIONS: Readonly<Partial<Record<AvroPrimitive, readonly AvroType[]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Why `next` may not follow `previous` at this level; empty where it may. */
export function compatibilityErrors(
  level: CompatibilityLevel,
  next: AvroRecord,
  previous: AvroRecord,
): readonly string[] {
  const backward = level === 'BACKWARD' || level === 'FULL';
  const forward = level === 'FORWARD' || level === 'FULL';
  return [
    ...(backward
      ? readingErrors(next, previous, next.name).map((error) => `reading old data: ${error}`)
      : []),
    ...(forward ? readingErrors(previous, next, next.name).map((error) => `old readers: ${error}`) : []),
  ];
}

/** Why data written with one type cannot be read as another. `at` is the place in the schema, for the messages. */
function readingErrors(reader: AvroType, writer: AvroType, at: string): readonly string[] {
  if (isUnion(writer)) return writer.flatMap((branch) => readingErrors(reader, branch, at));
  if (isUnion(reader)) {
    const readable = reader.some((branch) => readingErrors(branch, writer, at).length === 0);
    return readable ? [] : [`${at}: no branch of the union reads ${describe(writer)}`];
  }
  if (typeof reader === 'string' || typeof writer === 'string') {
    const readable =
      reader === writer || (typeof writer === 'string' && PROMOTIONS[writer]?.includes(reader));
    return readable === true ? [] : [mismatch(reader, writer, at)];
  }
  if (reader.type === 'array' && writer.type === 'array')
    return readingErrors(reader.items, writer.items, `${at}[]`);
  if (reader.type === 'map' && writer.type === 'map')
    return readingErrors(reader.values, writer.values, `${at}{}`);
  if (reader.type === 'record' && writer.type === 'record' && reader.name === writer.name) {
    return fieldErrors(reader, writer, at);
  }
  if (reader.type === 'enum' && writer.type === 'enum' && reader.name === writer.name) {
    const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
    const readable = unknown.length === 0 || reader.default !== undefined;
    return readable
      ? []
      : [`${at}: the symbols ${unknown.join(', ')} are unknown to the reader, which has no default`];
  }
  return [mismatch(reader, writer, at)];
}

function fieldErrors(reader: AvroRecord, writer: AvroRecord, at: string): readonly string[] {
  return reader.fields.flatMap((field) => {
    const written = writer.fields.find(({ name }) => name === field.name);
    if (written !== undefined) return readingErrors(field.type, written.type, `${at}.${field.name}`);
    return hasDefault(field) ? [] : [`${at}.${field.name}: is not written, and has no default`];
  });
}

function mismatch(reader: AvroType, writer: AvroType, at: string): string {
  return `${at}: ${describe(writer)} cannot be read as ${describe(reader)}`;
}

function describe(type: AvroType): string {
  if (isUnion(type)) return 'a union';
  if (typeof type === 'string') return type;
  return 'name' in type ? `${type.type} ${type.name}` : type.type;
}

import { FlamingockError, throwProblems, unknownKeys } from '@flamingock/core/spi';

/** The kinds of schema that registries know. */
export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF';

/** Another schema that this one uses. */
export interface SchemaReference {
  /** As the schema names it: a record's full name, a `$ref`, an imported file. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** A schema, as it is written. */
export interface Schema {
  /** Default `AVRO`. */
  readonly type?: SchemaType;
  /** The text; of Avro and JSON Schema also the value that it stands for. */
  readonly schema: string | object;
  /** Default none. */
  readonly references?: readonly SchemaReference[];
}

/** How the registry is told a schema. */
export interface WireSchema {
  readonly schema: string;
  readonly schemaType?: SchemaType;
  readonly references?: readonly SchemaReference[];
}

const TYPES: readonly unknown[] = ['AVRO', 'JSON', 'PROTOBUF'];

/** Throws `FLG_OPTION_INVALID`. */
export function wireForm({ type = 'AVRO', schema, references = [] }: Schema): WireSchema {
  if (!TYPES.includes(type)) throw invalid('type', 'must be AVRO, JSON or PROTOBUF');
  if (typeof schema !== 'string' && type === 'PROTOBUF')
    throw invalid('schema', 'of Protobuf must be a text');
  return {
    schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
    // Older registries know Avro alone, and do not take the word for it.
    ...(type === 'AVRO' ? {} : { schemaType: type }),
    ...(references.length === 0 ? {} : { references }),
  };
}

/** Throws `FLG_OPTION_INVALID` for what cannot be the name of a subject. */
export function assertSubject(subject: unknown): void {
  if (typeof subject !== 'string' || subject === '')
    throw invalid('subject', 'must be a text that is not empty');
}

/** Throws `FLG_OPTION_INVALID` for what cannot be the number of a version. */
export function assertVersion(version: unknown): void {
  if (!Number.isSafeInteger(version) || Number(version) < 1)
    throw invalid('version', 'must be a whole number from 1 on');
}

/** Throws `FLG_OPTION_UNKNOWN` for a key that an intention does not know: what is misspelt would have no effect. */
export function assertKeys(where: string, options: object, known: readonly string[]): void {
  throwProblems(unknownKeys(options, known, where));
}

/** Throws `FLG_OPTION_INVALID` for what is neither left out nor `true` or `false`. */
export function assertFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalid(name, 'must be true or false');
}

/** An argument of an intention that cannot be used. */
export function invalid(what: string, why: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `Schema registry: ${what} ${why}.`,
    hint: 'Correct the change that says so.',
  });
}

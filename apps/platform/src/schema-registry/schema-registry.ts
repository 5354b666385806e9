import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../http/problem.js';
import { Router, type JsonReader, type RoutedRequest } from '../http/router.js';
import type { Outcome, ServiceDefinition } from '../service.js';
import { COMPATIBILITY_LEVELS, compatibilityErrors, type CompatibilityLevel } from './avro-compatibility.js';
import { InvalidSchemaError, parseAvroRecord } from './avro-parser.js';
import type { AvroRecord } from './avro-schema.js';
import {
  confluentReply,
  invalidCompatibility,
  invalidSchema,
  noOwnCompatibility,
  reply,
  unknownSchema,
} from './registry-reply.js';
import {
  existingVersionsOf,
  REGISTRY_SEED,
  subjectNamed,
  versionAt,
  versionsOf,
  withSubject,
  withVersion,
  type Registry,
  type SubjectVersion,
} from './registry-state.js';

/** A schema registry for Avro records, with the part of Confluent's REST API that the README lists. */
export function schemaRegistry(): ServiceDefinition<Registry> {
  const router = new Router<Registry, Outcome<Registry>>()
    .on('GET /subjects', ({ subjects }) =>
      reply(subjects.filter(({ schemaIds }) => schemaIds.length > 0).map(({ name }) => name)),
    )
    .on('GET /subjects/:subject/versions', (registry, { parameters }) =>
      reply(existingVersionsOf(registry, parameters.subject).map(({ version }) => version)),
    )
    .on('GET /subjects/:subject/versions/:version', (registry, { parameters }) =>
      reply(versionAt(registry, parameters.subject, parameters.version)),
    )
    .on('POST /subjects/:subject/versions', register)
    .on('POST /subjects/:subject', (registry, { parameters: { subject }, json }) => {
      const versions = existingVersionsOf(registry, subject);
      const schema = canonical(readSchema(json));
      const found = versions.find((version) => version.schema === schema);
      if (found === undefined) throw unknownSchema(`The subject ${subject} has no version with this schema.`);
      return reply(found);
    })
    .on('POST /compatibility/subjects/:subject/versions/:version', (registry, { parameters, json }) => {
      const previous = versionAt(registry, parameters.subject, parameters.version);
      return reply({ is_compatible: errorsAfter(registry, previous, readSchema(json)).length === 0 });
    })
    .on('GET /schemas/ids/:id', ({ schemas }, { parameters: { id } }) => {
      const schema = /^\d+$/.test(id) ? schemas[Number(id) - 1] : undefined;
      if (schema === undefined) throw unknownSchema(`There is no schema with the id ${id}.`);
      return reply({ schema });
    })
    .on('GET /config', ({ compatibility }) => reply({ compatibilityLevel: compatibility }))
    .on('PUT /config', (registry, { json }) => {
      const compatibility = readLevel(json);
      return { ...reply({ compatibility }), state: { ...registry, compatibility } };
    })
    .on('GET /config/:subject', (registry, { parameters: { subject }, query }) => {
      const own = subjectNamed(registry, subject).compatibility;
      if (own === undefined && query.get('defaultToGlobal') !== 'true') throw noOwnCompatibility(subject);
      return reply({ compatibilityLevel: own ?? registry.compatibility });
    })
    .on('PUT /config/:subject', (registry, { parameters: { subject }, json }) => {
      const compatibility = readLevel(json);
      const changed = { ...subjectNamed(registry, subject), compatibility };
      return { ...reply({ compatibility }), state: withSubject(registry, changed) };
    });
  return { seed: REGISTRY_SEED, router, renderProblem: confluentReply };
}

/** Registering is idempotent: a schema that the subject has already answers with its id, at any level. */
function register(
  registry: Registry,
  { parameters: { subject }, json }: RoutedRequest<'subject'>,
): Outcome<Registry> {
  const next = readSchema(json);
  const versions = versionsOf(registry, subject);
  const same = versions.find(({ schema }) => schema === canonical(next));
  if (same !== undefined) return reply({ id: same.id });

  const latest = versions.at(-1);
  const errors = latest === undefined ? [] : errorsAfter(registry, latest, next);
  if (errors.length > 0) {
    throw new Problem(
      409,
      `The schema is incompatible with version ${versions.length}: ${errors.join('; ')}.`,
    );
  }
  const { id, registry: state } = withVersion(registry, subject, canonical(next));
  return { ...reply({ id }), state };
}

function errorsAfter(registry: Registry, previous: SubjectVersion, next: AvroRecord): readonly string[] {
  const level = subjectNamed(registry, previous.subject).compatibility ?? registry.compatibility;
  return compatibilityErrors(level, next, JSON.parse(previous.schema) as AvroRecord);
}

/** The parser has put the attributes in order, so equal schemas have equal texts. */
function canonical(schema: AvroRecord): string {
  return JSON.stringify(schema);
}

function readSchema(json: JsonReader): AvroRecord {
  const { schema, schemaType = 'AVRO', references = [] } = json('schema', 'schemaType', 'references');
  if (schemaType !== 'AVRO') throw invalidSchema('Only schemas of type AVRO are supported.');
  if (!isDeepStrictEqual(references, [])) throw invalidSchema('References are not supported.');
  if (typeof schema !== 'string') throw invalidSchema('The schema must be given as a text.');
  try {
    return parseAvroRecord(schema);
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw invalidSchema(error.message);
    throw error;
  }
}

function readLevel(json: JsonReader): CompatibilityLevel {
  const { compatibility } = json('compatibility');
  const level = COMPATIBILITY_LEVELS.find((candidate) => candidate === compatibility);
  if (level === undefined) throw invalidCompatibility(COMPATIBILITY_LEVELS);
  return level;
}

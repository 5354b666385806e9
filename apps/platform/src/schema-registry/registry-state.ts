import type { CompatibilityLevel } from './avro-compatibility.js';
import type { AvroRecord } from './avro-schema.js';
import { invalidVersion, unknownSubject, unknownVersion } from './registry-reply.js';

export interface Registry {
  /** Canonical texts: the schema with id 1 comes first. Each stands here once, whichever subjects use it. */
  readonly schemas: readonly string[];
  readonly subjects: readonly Subject[];
  readonly compatibility: CompatibilityLevel;
}

export interface Subject {
  readonly name: string;
  /** The schema id of each version: version 1 comes first. Empty while only a level has been set. */
  readonly schemaIds: readonly number[];
  /** Stands above the level of the registry. */
  readonly compatibility?: CompatibilityLevel;
}

/** One version of a subject, as it is shown. */
export interface SubjectVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly schema: string;
}

const ORDER_PLACED: AvroRecord = {
  type: 'record',
  name: 'OrderPlaced',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'item', type: 'string' },
    { name: 'quantity', type: 'int' },
  ],
};

export const REGISTRY_SEED: Registry = {
  schemas: [JSON.stringify(ORDER_PLACED)],
  subjects: [{ name: 'order-events-value', schemaIds: [1] }],
  compatibility: 'BACKWARD',
};

/** The subject of this name, or an empty one. */
export function subjectNamed(registry: Registry, name: string): Subject {
  return registry.subjects.find((subject) => subject.name === name) ?? { name, schemaIds: [] };
}

/** All versions of a subject, the oldest first; none where the subject is unknown. */
export function versionsOf(registry: Registry, name: string): readonly SubjectVersion[] {
  return subjectNamed(registry, name).schemaIds.map((id, index) => ({
    subject: name,
    version: index + 1,
    id,
    schema: registry.schemas[id - 1] as string,
  }));
}

/** The versions of a subject that must have one. Throws 40401. */
export function existingVersionsOf(registry: Registry, name: string): readonly SubjectVersion[] {
  const versions = versionsOf(registry, name);
  if (versions.length === 0) throw unknownSubject(name);
  return versions;
}

/** One version of a subject, by a number or `latest`. Throws 42202, 40401 or 40402. */
export function versionAt(registry: Registry, name: string, version: string): SubjectVersion {
  if (version !== 'latest' && !/^[1-9]\d*$/.test(version)) throw invalidVersion(version);
  const found = existingVersionsOf(registry, name).at(version === 'latest' ? -1 : Number(version) - 1);
  if (found === undefined) throw unknownVersion(name, version);
  return found;
}

export function withSubject(registry: Registry, changed: Subject): Registry {
  const others = registry.subjects.filter(({ name }) => name !== changed.name);
  return { ...registry, subjects: [...others, changed] };
}

/** The registry with this schema as the newest version of the subject. A text that is known keeps its id. */
export function withVersion(
  registry: Registry,
  name: string,
  schema: string,
): { registry: Registry; id: number } {
  const known = registry.schemas.indexOf(schema);
  const schemas = known === -1 ? [...registry.schemas, schema] : registry.schemas;
  const id = known === -1 ? schemas.length : known + 1;
  const subject = subjectNamed(registry, name);
  return {
    registry: withSubject({ ...registry, schemas }, { ...subject, schemaIds: [...subject.schemaIds, id] }),
    id,
  };
}

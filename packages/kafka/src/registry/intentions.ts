import type { Intention, Seen } from '../intention.js';
import { assertLevel, type CompatibilityLevel } from './compatibility-level.js';
import { assertFlag, assertKeys, assertSubject, assertVersion, invalid, wireForm } from './schema.js';
import type { SchemaRegistryClient, SchemaToRegister } from './schema-registry-client.js';

/** One thing that a change wants a schema registry to hold. */
export type RegistryIntention = Intention<SchemaRegistryClient>;

const SCHEMA_KEYS = ['type', 'schema', 'references', 'version', 'deleteOnRollback'];

const THERE: Seen = { state: 'there', differences: [] };

/**
 * The subject has the schema, as any version or as the one that is named.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @param schema with `deleteOnRollback` the rollback deletes its version softly, and refuses (`REGISTRY_CONFLICT`) where
 *   that is not the `version` that is wanted; without, there is no way back, because records may carry its id
 */
export function registerSchema(
  subject: string,
  schema: SchemaToRegister & { readonly deleteOnRollback?: boolean },
): RegistryIntention {
  assertKeys('registerSchema()', schema, SCHEMA_KEYS);
  const { deleteOnRollback = false, ...wanted } = schema;
  assertFlag('deleteOnRollback', deleteOnRollback);
  assertSubject(subject);
  wireForm(wanted);
  if (wanted.version !== undefined) assertVersion(wanted.version);
  const { version } = wanted;
  return {
    wants: `${subject}: ${version === undefined ? 'a version with its schema' : `version ${version}`}`,
    apply: (client) => client.register(subject, wanted),
    async look(client) {
      const found = await client.find(subject, wanted);
      if (found !== undefined)
        return version === undefined || found.version === version
          ? THERE
          : other(anotherVersion(subject, version, found.version));
      const latest = await client.latest(subject);
      if (latest === undefined)
        return absent(`${subject}: the subject is missing, and with it ${named(version)}`);
      return version !== undefined && latest.version >= version
        ? other(
            `${subject}: version ${version} with this schema is missing; the latest is version ${latest.version}, another schema`,
          )
        : absent(
            `${subject}: ${named(version ?? latest.version + 1)} is missing; the latest is version ${latest.version}`,
          );
    },
    ...(deleteOnRollback
      ? {
          rollback: async (client) => {
            const found = await client.find(subject, wanted);
            if (found !== undefined && version !== undefined && found.version !== version)
              throw client.refuse(anotherVersion(subject, version, found.version));
            return found && client.deleteVersion(subject, found.version);
          },
        }
      : {}),
  };
}

/**
 * New versions are held to a level: those of one subject, or without one those of all that have none of their own.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @param options `subject`: left out for all; `from`: the level before, `null` for none of its own; it is the way back, and
 *   any other level found is somebody else's and refused (`REGISTRY_CONFLICT`)
 */
export function setCompatibility(
  level: CompatibilityLevel,
  options: { readonly subject?: string; readonly from?: CompatibilityLevel | null } = {},
): RegistryIntention {
  assertLevel(level);
  assertKeys('setCompatibility()', options, ['subject', 'from']);
  // One that is undefined by mistake would set the level of all subjects.
  if ('subject' in options) assertSubject(options.subject);
  const { subject, from } = options;
  if (from === null && subject === undefined)
    throw invalid('from', 'null is the level of a subject that has none of its own: name the subject');
  if (from !== undefined && from !== null) assertLevel(from);
  const about = subject ?? 'all subjects';
  const difference = (found: string | undefined): string =>
    `${about}: compatibility: want ${level}, has ${found ?? 'none of its own'}`;
  const assertKnown = (client: SchemaRegistryClient, found: string | undefined): void => {
    if (from === undefined || found === level || (found ?? null) === from) return;
    throw client.refuse(`${difference(found)}, where ${from ?? 'none of its own'} was expected`);
  };
  return {
    wants: `${about}: compatibility ${level}`,
    async apply(client) {
      assertKnown(client, await client.compatibility(subject));
      return client.setCompatibility(level, subject);
    },
    async look(client) {
      const found = await client.compatibility(subject);
      if (found === level) return THERE;
      const isBefore = from === undefined || (found ?? null) === from;
      return isBefore ? absent(difference(found)) : other(difference(found));
    },
    ...(from === undefined
      ? {}
      : {
          rollback: async (client) => {
            assertKnown(client, await client.compatibility(subject));
            if (from !== null) return client.setCompatibility(from, subject);
            return subject === undefined ? undefined : client.dropCompatibility(subject);
          },
        }),
  };
}

/**
 * The subject has the version no more: softly deleted, or with `permanent` for good.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 */
export function deleteSchemaVersion(
  subject: string,
  version: number,
  options: { readonly permanent?: boolean } = {},
): RegistryIntention {
  assertSubject(subject);
  assertVersion(version);
  const permanent = isPermanent('deleteSchemaVersion()', options);
  return {
    wants: `${subject}: no version ${version}`,
    apply: (client) => client.deleteVersion(subject, version, { permanent }),
    async look(client) {
      if ((await client.versions(subject)).includes(version))
        return absent(`${subject}: version ${version} is still there`);
      return permanent && (await client.versions(subject, { deleted: true })).includes(version)
        ? other(`${subject}: version ${version} is deleted softly alone`)
        : THERE;
    },
  };
}

/**
 * There is no such subject any more: softly deleted, or with `permanent` for good. A repeat deletes what has been registered
 * since, too.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 */
export function deleteSubject(
  subject: string,
  options: { readonly permanent?: boolean } = {},
): RegistryIntention {
  assertSubject(subject);
  const permanent = isPermanent('deleteSubject()', options);
  return {
    wants: `${subject}: no such subject`,
    apply: (client) => client.deleteSubject(subject, { permanent }),
    async look(client) {
      const versions = await client.versions(subject);
      if (versions.length > 0) return absent(`${subject}: still has ${versions.length} versions`);
      return permanent && (await client.versions(subject, { deleted: true })).length > 0
        ? other(`${subject}: is deleted softly alone`)
        : THERE;
    },
  };
}

function isPermanent(where: string, options: { readonly permanent?: boolean }): boolean {
  assertKeys(where, options, ['permanent']);
  assertFlag('permanent', options.permanent);
  return options.permanent ?? false;
}

function anotherVersion(subject: string, wanted: number, found: number): string {
  return `${subject}: want version ${wanted}, has this schema as version ${found}`;
}

function named(version: number | undefined): string {
  return version === undefined ? 'its version' : `version ${version}`;
}

function absent(difference: string): Seen {
  return { state: 'absent', differences: [difference] };
}

function other(difference: string): Seen {
  return { state: 'other', differences: [difference] };
}

import type { ClientUse } from '@flamingock/core/spi';
import { IntentionClient } from '../intention.js';
import { type CompatibilityLevel, assertLevel } from './compatibility-level.js';
import type { RegistryApi, SubjectVersion } from './registry-api.js';
import type { RegistryError } from './registry-error.js';
import { assertSubject, assertVersion, type Schema, type WireSchema, wireForm } from './schema.js';

/** What registering a schema has come to. */
export interface Registered {
  readonly version: number;
  /** What records carry. */
  readonly id: number;
  /** `false`: it was there already. */
  readonly created: boolean;
  /** The latest version as it was before; `undefined` where the subject was not there. */
  readonly before: SubjectVersion | undefined;
}

/** A schema for a subject. */
export interface SchemaToRegister extends Schema {
  /** Which version of the subject it must become; refused where that is another one. Default: any. */
  readonly version?: number;
}

/**
 * What changes are given by `schemaRegistryTarget`. Every method is safe to repeat, and resolves to what was there before, so
 * that a rollback can be written. A request that brings no success throws a `RegistryError`.
 *
 * In a change that lists its intentions (`intend`) nothing of this has to be called, and it checks itself.
 *
 * @example
 * async apply({ registry }) {
 *   const { before } = await registry.register('order-events-value', { schema });
 * }
 */
export class SchemaRegistryClient extends IntentionClient {
  readonly #api: RegistryApi;

  constructor(api: RegistryApi, use?: ClientUse) {
    super(use);
    this.#api = api;
  }

  /** What a change will not do, because somebody else has made another one: an error that proves that it has not. */
  refuse(message: string): RegistryError {
    return this.#api.refuse('REGISTRY_CONFLICT', message);
  }

  /** The latest version; `undefined` where the subject is not there. */
  latest(subject: string): Promise<SubjectVersion | undefined> {
    assertSubject(subject);
    return this.#api.version(subject, 'latest');
  }

  /** The numbers of its versions, in ascending order; with `deleted` also of those that are only softly deleted. */
  versions(subject: string, options: { readonly deleted?: boolean } = {}): Promise<readonly number[]> {
    assertSubject(subject);
    return this.#api.versions(subject, options);
  }

  /** The version under which the subject has this very schema; `undefined` where it has not. */
  find(subject: string, schema: Schema): Promise<SubjectVersion | undefined> {
    assertSubject(subject);
    return this.#api.lookup(subject, wireForm(schema));
  }

  /** The level of a subject, or of all that have none of their own; `undefined` where it has none. */
  compatibility(subject?: string): Promise<string | undefined> {
    return this.#api.level(subject);
  }

  /**
   * Registers a schema, unless the subject has it. Its compatibility is tested first.
   *
   * Throws `FLG_OPTION_INVALID`, and a `RegistryError`: `REGISTRY_INCOMPATIBLE`, or 409 with the registry's own explanation;
   * 422 for what is no schema; `REGISTRY_CONFLICT` where the version that is wanted is not the one that it would become, or
   * the subject has the schema as another one.
   */
  async register(subject: string, { version, ...schema }: SchemaToRegister): Promise<Registered> {
    assertSubject(subject);
    if (version !== undefined) assertVersion(version);
    const wire = wireForm(schema);
    // First of all, and with a GET: where the registry cannot be reached, that is proven.
    const before = await this.#api.version(subject, 'latest');
    const there = await this.#api.lookup(subject, wire);
    if (there === undefined) await this.#create(subject, wire, before, version);
    const found = there ?? (await this.#api.lookup(subject, wire));
    if (found === undefined)
      throw this.refuse(`${subject}: the schema was registered, and taken back by somebody else`);
    if (version !== undefined && found.version !== version)
      throw this.refuse(`${subject}: want version ${version}, has this schema as version ${found.version}`);
    return { version: found.version, id: found.id, created: there === undefined, before };
  }

  /**
   * Sets the level of a subject, or without one of all that have none of their own. Resolves to the level before;
   * `undefined` where the subject had none.
   */
  async setCompatibility(level: CompatibilityLevel, subject?: string): Promise<string | undefined> {
    assertLevel(level);
    if (subject !== undefined) assertSubject(subject);
    const before = await this.#api.level(subject);
    if (before !== level) await this.#api.setLevel(subject, level);
    return before;
  }

  /** Takes the level of a subject away, so that the one for all holds. Resolves to the level before. */
  async dropCompatibility(subject: string): Promise<string | undefined> {
    assertSubject(subject);
    const before = await this.#api.level(subject);
    if (before !== undefined) await this.#api.dropLevel(subject);
    return before;
  }

  /**
   * Deletes a version softly: it is not offered any more, and records that carry its id can still be read; with
   * `permanent` also for good, after which they cannot. Resolves to what it was; `undefined` where it was not there.
   */
  async deleteVersion(
    subject: string,
    version: number,
    { permanent = false }: { readonly permanent?: boolean } = {},
  ): Promise<SubjectVersion | undefined> {
    assertSubject(subject);
    assertVersion(version);
    const before = await this.#api.version(subject, version);
    if (before !== undefined) await this.#api.deleteVersion(subject, version);
    if (permanent && (await this.#api.versions(subject, { deleted: true })).includes(version))
      await this.#api.deleteVersion(subject, version, { permanent });
    return before;
  }

  /** As `deleteVersion`, all of them. Resolves to the numbers of those that were there. */
  async deleteSubject(
    subject: string,
    { permanent = false }: { readonly permanent?: boolean } = {},
  ): Promise<readonly number[]> {
    assertSubject(subject);
    const before = await this.#api.versions(subject);
    if (before.length > 0) await this.#api.deleteSubject(subject);
    if (permanent && (await this.#api.versions(subject, { deleted: true })).length > 0)
      await this.#api.deleteSubject(subject, { permanent });
    return before;
  }

  async #create(
    subject: string,
    schema: WireSchema,
    before: SubjectVersion | undefined,
    version: number | undefined,
  ): Promise<void> {
    if (version !== undefined) await this.#assertNext(subject, version, before);
    if (before !== undefined) {
      const { compatible, explanation } = await this.#api.test(subject, schema);
      // A registry that does not say why says it where it is asked to register: it refuses that by itself.
      if (!compatible && explanation !== '')
        throw this.#api.refuse(
          'REGISTRY_INCOMPATIBLE',
          `${subject}: the registry finds the schema incompatible: ${explanation}`,
        );
    }
    await this.#api.register(subject, schema);
  }

  /** What is registered is read from then on, so another number must not be found out afterwards. */
  async #assertNext(subject: string, version: number, before: SubjectVersion | undefined): Promise<void> {
    if (before !== undefined && before.version >= version)
      throw this.refuse(
        `${subject}: want version ${version}, and version ${before.version} holds another schema`,
      );
    // The number of a version that is softly deleted is not given again.
    const next = Math.max(0, ...(await this.#api.versions(subject, { deleted: true }))) + 1;
    if (next !== version)
      throw this.refuse(`${subject}: want version ${version}, and the next one would be version ${next}`);
  }
}

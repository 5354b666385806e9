import { RegistryError } from './registry-error.js';
import type { SchemaReference, SchemaType, WireSchema } from './schema.js';
import { oneLine, type RegistryRequest, type Transport } from './transport.js';

/** One version of a subject. */
export interface SubjectVersion {
  readonly subject: string;
  readonly version: number;
  /** Of the schema, in the whole registry: what records carry. */
  readonly id: number;
  readonly type: SchemaType;
  readonly schema: string;
  readonly references: readonly SchemaReference[];
}

/** What the registry's own test of a schema says. */
export interface CompatibilityTest {
  readonly compatible: boolean;
  /** Why not, in the registry's words, where it says so. */
  readonly explanation: string;
}

/** Confluent's codes for: no subject, no version, no schema, softly deleted subject, version, no level of its own. */
const ABSENT: ReadonlySet<string> = new Set(
  [40401, 40402, 40403, 40404, 40406, 40408].map((code) => `REGISTRY_${code}`),
);

/** What is seen of an attempt, as far as requests alone do not tell. */
export interface Watch {
  /** What is asked with a POST and changes nothing is kept apart from what a change does. */
  beside<T>(action: () => T): T;
  /** Something has failed before a request that changes something was made of it. */
  unsent(): void;
}

/** What a registry can be asked, as Confluent's REST API has it. Reads answer `undefined` for what is not there. */
export class RegistryApi {
  readonly #transport: Transport;
  readonly #signal: AbortSignal | undefined;
  readonly #watch: Watch;

  constructor(transport: Transport, signal: AbortSignal | undefined, watch: Watch) {
    this.#transport = transport;
    this.#signal = signal;
    this.#watch = watch;
  }

  /** What will not be asked, because of what the registry holds. */
  refuse(code: 'REGISTRY_CONFLICT' | 'REGISTRY_INCOMPATIBLE', message: string): RegistryError {
    this.#watch.unsent();
    return new RegistryError({ code, message });
  }

  /** The version under which the subject has this very schema. */
  async lookup(subject: string, schema: WireSchema): Promise<SubjectVersion | undefined> {
    const path = `/subjects/${encodeURIComponent(subject)}`;
    return toVersion(await unlessAbsent(this.#ask({ method: 'POST', path, body: schema })));
  }

  async version(subject: string, version: number | 'latest'): Promise<SubjectVersion | undefined> {
    return toVersion(await unlessAbsent(this.#send('GET', `${versionsOf(subject)}/${version}`)));
  }

  /** In ascending order; none where there is no subject. */
  async versions(subject: string, { deleted = false } = {}): Promise<readonly number[]> {
    const found = await unlessAbsent(
      this.#send('GET', `${versionsOf(subject)}${deleted ? '?deleted=true' : ''}`),
    );
    return (found ?? []) as readonly number[];
  }

  /** As the level of the subject says, against the versions that it has. */
  async test(subject: string, body: WireSchema): Promise<CompatibilityTest> {
    const path = `/compatibility${versionsOf(subject)}?verbose=true`;
    const found = await this.#ask({ method: 'POST', path, body });
    const { is_compatible: compatible, messages = [] } = found as {
      readonly is_compatible: boolean;
      readonly messages?: readonly string[];
    };
    return { compatible, explanation: oneLine(messages.join(' ')) };
  }

  async register(subject: string, schema: WireSchema): Promise<void> {
    await this.#send('POST', versionsOf(subject), schema);
  }

  /** Of a subject, or of all that have none of their own. */
  async level(subject: string | undefined): Promise<string | undefined> {
    const query = subject === undefined ? '' : '?defaultToGlobal=false';
    const found = await unlessAbsent(this.#send('GET', `${configOf(subject)}${query}`));
    return (found as { readonly compatibilityLevel?: string } | undefined)?.compatibilityLevel;
  }

  async setLevel(subject: string | undefined, level: string): Promise<void> {
    await this.#send('PUT', configOf(subject), { compatibility: level });
  }

  async dropLevel(subject: string): Promise<void> {
    await unlessAbsent(this.#send('DELETE', configOf(subject)));
  }

  async deleteVersion(subject: string, version: number, { permanent = false } = {}): Promise<void> {
    await unlessAbsent(this.#send('DELETE', `${versionsOf(subject)}/${version}${permanently(permanent)}`));
  }

  async deleteSubject(subject: string, { permanent = false } = {}): Promise<void> {
    await unlessAbsent(
      this.#send('DELETE', `/subjects/${encodeURIComponent(subject)}${permanently(permanent)}`),
    );
  }

  async #send(method: RegistryRequest['method'], path: string, body?: unknown): Promise<unknown> {
    try {
      return await this.#transport.send({ method, path, body, signal: this.#signal });
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'REGISTRY_AUTH') this.#watch.unsent();
      throw error;
    }
  }

  async #ask(request: RegistryRequest): Promise<unknown> {
    try {
      return await this.#watch.beside(() => this.#transport.send({ ...request, signal: this.#signal }));
    } catch (error) {
      // However it failed, it was only a question.
      this.#watch.unsent();
      throw error;
    }
  }
}

/** `undefined` where the registry says that there is no such thing; a 404 without its code comes from somebody else. */
async function unlessAbsent(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RegistryError && ABSENT.has(error.code)) return undefined;
    throw error;
  }
}

function toVersion(found: unknown): SubjectVersion | undefined {
  if (found === undefined) return undefined;
  const { schemaType, references, ...rest } = found as Omit<SubjectVersion, 'type' | 'references'> & {
    readonly schemaType?: SchemaType;
    readonly references?: readonly SchemaReference[];
  };
  return { ...rest, type: schemaType ?? 'AVRO', references: references ?? [] };
}

function versionsOf(subject: string): string {
  return `/subjects/${encodeURIComponent(subject)}/versions`;
}

function configOf(subject: string | undefined): string {
  return subject === undefined ? '/config' : `/config/${encodeURIComponent(subject)}`;
}

function permanently(permanent: boolean): string {
  return permanent ? '?permanent=true' : '';
}

import type { Class, Observation } from '@flamingock/core';
import type { ClientUse } from '@flamingock/core/spi';

/** How a system stands to an intention. */
export interface Seen {
  /**
   * `there`: it holds what is wanted. `absent`: it holds nothing of it, as before it was applied and after its rollback.
   * `other`: it holds a part of it, or something else.
   */
  readonly state: 'there' | 'absent' | 'other';
  /** What it holds otherwise than is wanted, a line each: `partitions: want 12, has 6`. No secrets. */
  readonly differences: readonly string[];
}

/**
 * One thing that a change wants a system to hold, as data: safe to repeat, and able to look whether it is there. That is
 * why an attempt of which nobody knows how far it came needs no person: what is missing is seen, and applied again.
 */
export interface Intention<in C> {
  /** What the system holds afterwards, in one line for people: `order-events-value: version 2`. No secrets. */
  readonly wants?: string;
  /** Brings it about, and resolves to what was there before. Where it is there already, it changes nothing. */
  apply(client: C): Promise<unknown>;
  /** Looks, and changes nothing. Throws where the system cannot be asked. */
  look(client: C): Promise<Seen>;
  /** Takes it back; where it is not there any more, it changes nothing. Absent: it knows no way back. */
  rollback?(client: C): Promise<unknown>;
}

/** A client of a target that carries intentions out. It is made for one call of a change. */
export abstract class IntentionClient {
  readonly #of: ClientUse['of'];

  /** @param use absent where it is for no call of a change */
  constructor(use?: ClientUse) {
    this.#of = use?.of ?? 'execution';
  }

  /** Brings all of them about, one after the other, and resolves to what was there before each of them. */
  async apply(intentions: readonly Intention<this>[]): Promise<readonly unknown[]> {
    const before: unknown[] = [];
    for (const intention of intentions) before.push(await intention.apply(this));
    return before;
  }

  /**
   * Looks at all of them. `APPLIED`: they are all there. Else `NOT_APPLIED`, also where a part is there: applying them again
   * completes it. Within an undo that means that all are gone, and a part that is left is `UNKNOWN`.
   */
  async verify(intentions: readonly Intention<this>[]): Promise<Observation> {
    const seen: Seen[] = [];
    for (const intention of intentions) seen.push(await intention.look(this));
    if (seen.every(({ state }) => state === 'there')) return { verdict: 'APPLIED' };
    const gone = this.#of === 'execution' || seen.every(({ state }) => state === 'absent');
    return {
      verdict: gone ? 'NOT_APPLIED' : 'UNKNOWN',
      differences: seen.flatMap(({ differences }) => differences),
    };
  }

  /** Takes all of them back, the last one first. Throws a `TypeError` for one that knows no way back, before anything is done. */
  async rollback(intentions: readonly Intention<this>[]): Promise<void> {
    if (!haveWayBack(intentions)) throw new TypeError('One of the intentions knows no way back.');
    for (const intention of [...intentions].reverse()) await intention.rollback?.(this);
  }
}

/** The parts of a change that intentions make: spread them into `defineChange`. */
export interface IntendedParts<C extends IntentionClient> {
  readonly inject: { readonly client: Class<C> };
  readonly wants: readonly string[];
  apply(clients: { readonly client: C }): Promise<unknown>;
  verify(clients: { readonly client: C }): Promise<Observation>;
  /** Present where every intention knows its way back. */
  rollback?(clients: { readonly client: C }): Promise<void>;
}

/**
 * The `apply` and `verify` of a change, and where every intention knows its way back its `rollback`, from the list of what
 * it wants.
 *
 * @param client the client of the target that the intentions are for
 *
 * @example
 * export default defineChange({
 *   id: 'register-order-event-v2',
 *   targetSystem: 'schema-registry',
 *   ...intend(SchemaRegistryClient, [registerSchema('order-events-value', { type: 'AVRO', schema })]),
 * });
 */
export function intend<C extends IntentionClient>(
  client: Class<C>,
  intentions: readonly Intention<NoInfer<C>>[],
): IntendedParts<C> {
  return {
    inject: { client },
    wants: intentions.flatMap(({ wants }) => wants ?? []),
    apply: (clients) => clients.client.apply(intentions),
    verify: (clients) => clients.client.verify(intentions),
    ...(haveWayBack(intentions) ? { rollback: (clients) => clients.client.rollback(intentions) } : {}),
  };
}

function haveWayBack(intentions: readonly Pick<Intention<never>, 'rollback'>[]): boolean {
  return intentions.every(({ rollback }) => rollback !== undefined);
}

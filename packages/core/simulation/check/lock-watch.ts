import type { LockRecord } from '../../src/ledger/audit-store.js';
import type { Role } from '../deployment/release.js';
import type { World } from '../world/world.js';
import { isAboutChange, type LedgerWatch } from './ledger-watch.js';

/** What the lock is held against. */
interface LockRules {
  readonly world: World;
  readonly ledger: LedgerWatch;
  readonly leaseMs: number;
  /** By the name of a process. */
  readonly roleOf: (name: string) => Role;
}

/** Follows who holds the lock, and until when. */
export class LockWatch {
  readonly #rules: LockRules;
  #held: { readonly owner: string; readonly until: number } | undefined;

  constructor(rules: LockRules) {
    this.#rules = rules;
  }

  /** @param at when it was taken or renewed, in virtual time */
  taken({ owner }: LockRecord, at: number): void {
    const { world, leaseMs, roleOf } = this.#rules;
    const held = this.#held;
    if (roleOf(nameOf(owner)).mode !== 'apply')
      world.violate('an instance that only looks changes nothing', `${owner} takes the lock`);
    if (held !== undefined && held.owner !== owner) {
      if (held.until > at)
        world.violate(
          'a lease is kept until it ends',
          `${owner} takes it ${held.until - at} ms too early from ${held.owner}`,
        );
      world.count('lock: taken over');
    }
    this.#held = { owner, until: at + leaseMs };
  }

  released(): void {
    const { world, ledger } = this.#rules;
    const { last } = ledger;
    const unsettled = last !== undefined && isAboutChange(last) && last.state === 'STARTED';
    if (unsettled && this.#held !== undefined && nameOf(this.#held.owner) === last.instanceId)
      world.violate(
        'the lock is not released while a change is unsettled',
        `${this.#held.owner} gives it back after ${last.changeId} was started`,
      );
    this.#held = undefined;
  }
}

/** The process of an owner, who may take several turns. */
function nameOf(owner: string): string {
  return owner.split(':')[0] ?? owner;
}

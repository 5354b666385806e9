import type { ChangeContext } from '../../src/change/change-context.js';
import type { LockRecord } from '../../src/ledger/audit-store.js';
import type { LedgerEntry, SealedEntry } from '../../src/ledger/entry.js';
import type { ChangePlan } from '../deployment/scenario.js';
import type { Database } from '../systems/database.js';
import { LOCK_ROW, LOCKED_AT } from '../systems/ledger-statements.js';
import { type Caller, effectsIn, PARTS, effectRow } from '../systems/system-client.js';
import type { Transaction } from '../systems/transaction.js';
import type { SimulatedProcess } from '../world/simulated-process.js';
import type { World } from '../world/world.js';
import { isAboutChange, LedgerWatch, provesNothingThere } from './ledger-watch.js';

/** What is judged. */
export interface Case {
  readonly world: World;
  /** In their order. */
  readonly changes: readonly ChangePlan[];
  readonly leaseMs: number;
  /** The database that a change acts on. */
  databaseOf(change: ChangePlan): Database;
}

/** An invocation of a change's method, while it lasts. */
export interface Invocation {
  readonly caller: Caller;
  over(): void;
}

/**
 * Sees everything, as no process can: the ledger, the lock and the effects at the moment at which they are committed,
 * and each invocation of a change. Reports the first rule that is broken.
 */
export class Judge {
  readonly ledger: LedgerWatch;
  readonly #case: Case;
  readonly #hanging = new Map<SimulatedProcess, number>();
  /** Changes whose effects prove nothing any more: what came too late has changed them, as the guarantees say it may. */
  readonly #disturbed = new Set<string>();
  /** The sequence of the entry that each person was shown. */
  readonly #shown = new Map<string, number>();
  #lock: { readonly owner: string; readonly until: number } | undefined;

  constructor(judged: Case) {
    this.#case = judged;
    this.ledger = new LedgerWatch((rule, what) => {
      judged.world.violate(rule, what);
    }, judged.changes);
  }

  /** A change is invoked. */
  invoked(
    changeId: string,
    process: SimulatedProcess,
    context: ChangeContext,
    hangs: boolean,
    method: 'apply' | 'rollback' = 'apply',
  ): Invocation {
    const change = this.#change(changeId);
    // Who is wrong about the lock may also be wrong about what somebody undoes meanwhile.
    if (method === 'apply' && !process.clocksLied)
      this.ledger.assertEarlierApplied(changeId, `${process.name} begins ${changeId}`);
    const writtenAhead = !change.transactional || change.system === 'separate';
    if (writtenAhead && !process.clocksLied)
      this.#assertStarted(changeId, process, context.executionId, method);
    if (hangs) this.#hanging.set(process, (this.#hanging.get(process) ?? 0) + 1);
    let over = false;
    return {
      caller: {
        stillWanted: () =>
          !over && process.alive && !context.signal.aborted && this.ledger.execution === context.executionId,
        onLate: () => {
          this.disturb(changeId, 'what was asked of its system came too late');
        },
      },
      over: () => {
        over = true;
      },
    };
  }

  /** Whether a process waits for a change that never ends. */
  hangs(process: SimulatedProcess): boolean {
    return this.#hanging.has(process);
  }

  /** From now on what the system holds of a change is nobody's promise. */
  disturb(changeId: string, why: string): void {
    if (this.#disturbed.has(changeId)) return;
    this.#disturbed.add(changeId);
    this.#case.world.note('(judge)', () => `the effects of ${changeId} count no more: ${why}`);
  }

  /** A transaction has been committed at a database. */
  committed(database: Database, transaction: Transaction): void {
    const entries: SealedEntry[] = [];
    for (const [row, value] of transaction.writes) {
      if (row === LOCK_ROW) this.#lockWritten(database, value as LockRecord | undefined);
      else if (row.startsWith('entry:')) entries.push(value as SealedEntry);
    }
    for (const change of this.#case.changes) {
      const touched = PARTS.some((part) => transaction.writes.has(effectRow(change.id, part)));
      if (touched && this.#case.databaseOf(change) === database) this.#effect(change, transaction, entries);
    }
    for (const entry of entries) this.#appended(entry);
  }

  /** A person who wants to resolve an issue is shown it: its latest entry has this sequence. */
  shown(name: string, sequence: number): void {
    this.#shown.set(name, sequence);
  }

  /** A start has resolved in a process that declares so many changes. */
  ready(name: string, declared: number): void {
    for (const change of this.#case.changes.slice(0, declared)) {
      // An undo may have begun after the instance had read that it is applied.
      if (this.ledger.everUndone(change.id)) continue;
      if (!this.ledger.isApplied(change.id))
        this.#violate(
          'no instance is ready before all is applied',
          `${name} is ready, ${change.id} is not recorded`,
        );
      this.#assertHeld(change, `${name} is ready`, 'no instance is ready before all is applied');
    }
  }

  #assertStarted(changeId: string, process: SimulatedProcess, executionId: string, method: string): void {
    const latest = this.ledger.latest(changeId);
    if (latest?.state === 'STARTED' && latest.executionId === executionId) return;
    const found = latest === undefined ? 'nothing' : `${latest.state} of ${latest.instanceId}`;
    this.#violate(
      'nothing is done that is not written ahead',
      `${process.name} calls ${method} of ${changeId}; the ledger says ${found}`,
    );
  }

  #effect(change: ChangePlan, { about }: Transaction, entries: readonly SealedEntry[]): void {
    const counts = effectsIn(this.#case.databaseOf(change), change.id);
    if (this.#counts(change) && counts.some((count) => count > 1))
      this.#violate('at most one effect', `${change.id} is there ${counts.join(' and ')} times`);
    if (about === undefined) return;
    if (about.strategy === 'TX_SHARED') {
      // A change that ends its transaction by itself leaves its effect alone; dying then, it is begun again.
      const applied = entries.some(({ entry }) => tells(entry, change.id));
      if (!applied) this.disturb(change.id, 'it has ended a transaction that it shares with the ledger');
      return;
    }
    const latest = this.ledger.latest(change.id);
    if (latest?.state !== 'STARTED' || latest.sequence !== about.fence?.sequence)
      this.#violate(
        'a fenced holder commits nothing',
        `${about.process.name} has committed ${change.id} for entry ${about.fence?.sequence ?? 0}; the ledger says ${latest?.state ?? 'nothing'} ${latest?.sequence ?? ''}`,
      );
  }

  #appended(sealed: SealedEntry): void {
    const { entry } = sealed;
    const before = isAboutChange(entry) ? this.ledger.latest(entry.changeId) : undefined;
    this.ledger.append(sealed);
    if (!isAboutChange(entry)) return;
    this.#case.world.count(`ledger: ${entry.state} (${entry.proof})`);
    if (entry.kind === 'resolution' && before?.sequence !== this.#shown.get(entry.instanceId))
      this.#violate(
        'a resolution that races is refused',
        `${entry.instanceId} was shown entry ${this.#shown.get(entry.instanceId) ?? 0} of ${entry.changeId}, and resolves entry ${before?.sequence ?? 0}`,
      );
    const change = this.#change(entry.changeId);
    const where = `entry ${entry.sequence} says ${entry.state} ${entry.changeId} (${entry.proof})`;
    if (entry.state === 'APPLIED' || entry.state === 'MANUALLY_APPLIED')
      this.#assertHeld(change, where, 'what is recorded as applied is there');
    else if (provesNothingThere(entry)) this.#assertNothing(change, where);
  }

  #assertHeld(change: ChangePlan, where: string, rule: string): void {
    if (this.#disturbed.has(change.id)) return;
    const counts = effectsIn(this.#case.databaseOf(change), change.id);
    const exactly = this.#counts(change)
      ? counts.every((count) => count === 1)
      : counts.every((count) => count > 0);
    if (!exactly) this.#violate(rule, `${where}, and its system holds ${counts.join(' and ')}`);
  }

  #assertNothing(change: ChangePlan, where: string): void {
    const counts = effectsIn(this.#case.databaseOf(change), change.id);
    if (this.#counts(change) && counts.some((count) => count > 0))
      this.#violate('a proof is true', `${where}, and its system holds ${counts.join(' and ')}`);
  }

  #lockWritten(database: Database, lock: LockRecord | undefined): void {
    const held = this.#lock;
    if (lock === undefined) {
      const last = this.ledger.last;
      const unsettled = last !== undefined && isAboutChange(last) && last.state === 'STARTED';
      if (unsettled && held?.owner.startsWith(`${last.instanceId}:`) === true)
        this.#violate(
          'the lock is not released while a change is unsettled',
          `${held.owner} gives it back after ${last.changeId} was started`,
        );
      this.#lock = undefined;
      return;
    }
    const at = Number(database.row(LOCKED_AT));
    if (held !== undefined && held.owner !== lock.owner && held.until > at)
      this.#violate(
        'a lease is kept until it ends',
        `${lock.owner} takes it ${held.until - at} ms too early from ${held.owner}`,
      );
    if (held !== undefined && held.owner !== lock.owner) this.#case.world.count('lock: taken over');
    this.#lock = { owner: lock.owner, until: at + this.#case.leaseMs };
  }

  /** Whether the effects of a change must be there exactly once. */
  #counts({ id, transactional, recovery, behaviours }: ChangePlan): boolean {
    if (this.#disturbed.has(id)) return false;
    if (recovery === 'MANUAL_INTERVENTION') return true;
    return transactional && !behaviours.some(({ kind }) => kind === 'commits');
  }

  #change(changeId: string): ChangePlan {
    const change = this.#case.changes.find(({ id }) => id === changeId);
    if (change === undefined) throw new TypeError(changeId);
    return change;
  }

  #violate(rule: string, what: string): void {
    this.#case.world.violate(rule, what);
  }
}

function tells(entry: LedgerEntry, changeId: string): boolean {
  return isAboutChange(entry) && entry.changeId === changeId && ['APPLIED', 'UNDONE'].includes(entry.state);
}

import type { ChangeContext } from '../../src/change/change-context.js';
import type { LockRecord } from '../../src/ledger/audit-store.js';
import type { LedgerEntry, SealedEntry } from '../../src/ledger/entry.js';
import type { Release, Role } from '../deployment/release.js';
import type { ChangePlan } from '../deployment/scenario.js';
import { checkpointOf, type CheckpointRow } from '../systems/checkpoint-statements.js';
import type { Database } from '../systems/database.js';
import type { FenceRow } from '../systems/fence-statements.js';
import { LOCK_ROW, LOCKED_AT } from '../systems/ledger-statements.js';
import { type Caller, effectsIn, PARTS, effectRow } from '../systems/system-client.js';
import type { Transaction } from '../systems/transaction.js';
import type { SimulatedProcess } from '../world/simulated-process.js';
import type { World } from '../world/world.js';
import { CallWatch } from './call-watch.js';
import { CheckpointWatch } from './checkpoint-watch.js';
import { EpochWatch } from './epoch-watch.js';
import { isAboutChange, isDoubt, LedgerWatch, provesNothingThere } from './ledger-watch.js';
import { LockWatch } from './lock-watch.js';
import { SetBackWatch } from './set-back-watch.js';

/** What is judged. */
export interface Case {
  readonly world: World;
  /** In their order. */
  readonly changes: readonly ChangePlan[];
  readonly leaseMs: number;
  readonly runDeadlineMs: number | undefined;
  /** The database that a change acts on. */
  databaseOf(change: ChangePlan): Database;
}

/** An invocation of a change's method, while it lasts. */
export interface Invocation {
  readonly caller: Caller;
  /** @param transient whether it threw an error that passes */
  over(transient: boolean): void;
}

/**
 * Sees everything, as no process can: the ledger, the lock and the effects at the moment at which they are committed,
 * and each invocation of a change. Reports the first rule that is broken.
 */
export class Judge {
  readonly ledger: LedgerWatch;
  readonly #case: Case;
  readonly #calls: CallWatch;
  readonly #lock: LockWatch;
  readonly #checkpoints: CheckpointWatch;
  readonly #setBack: SetBackWatch;
  readonly #epochs: EpochWatch;
  readonly #roles = new Map<string, Role>();
  /** Changes whose effects prove nothing any more: what came too late has changed them, as the guarantees say it may. */
  readonly #disturbed = new Set<string>();
  /** The sequence of the entry that each person was shown. */
  readonly #shown = new Map<string, number>();

  constructor(judged: Case) {
    const { world, changes, leaseMs, runDeadlineMs } = judged;
    this.#case = judged;
    const violate = (rule: string, what: string): void => {
      world.violate(rule, what);
    };
    const roleOf = (name: string): Role => {
      const role = this.#roles.get(name);
      if (role === undefined) throw new TypeError(name);
      return role;
    };
    const ledger = new LedgerWatch(violate, changes, roleOf);
    this.ledger = ledger;
    this.#calls = new CallWatch({ ledger, runDeadlineMs, roleOf, violate });
    this.#lock = new LockWatch({ world, ledger, leaseMs, roleOf });
    this.#checkpoints = new CheckpointWatch(violate, changes);
    this.#epochs = new EpochWatch({ changes, violate, databaseOf: (change) => judged.databaseOf(change) });
    this.#setBack = new SetBackWatch({
      changes: changes.filter(({ system }) => system === 'separate'),
      violate,
      disturb: (id, why) => {
        this.disturb(id, why);
      },
      isDisturbed: (id) => this.#disturbed.has(id),
      latest: (id) => ledger.latest(id),
    });
  }

  /** An engine is made in a process. */
  deployed(name: string, role: Role): void {
    this.#roles.set(name, role);
    this.#epochs.deployed(name);
  }

  /** A change is invoked. */
  invoked(
    changeId: string,
    process: SimulatedProcess,
    context: ChangeContext,
    method: 'apply' | 'rollback',
  ): Invocation {
    const change = this.#change(changeId);
    const ends = this.#calls.begins(change, process, context, method);
    let over = false;
    return {
      caller: {
        stillWanted: () =>
          !over && process.alive && !context.signal.aborted && this.ledger.execution === context.executionId,
        onLate: () => {
          this.disturb(changeId, 'what was asked of its system came too late');
        },
        onPut: (part) => {
          this.#checkpoints.put(change, part);
        },
      },
      over: (transient) => {
        over = true;
        ends(transient);
      },
    };
  }

  /** What a process has called never ends. */
  hangs(changeId: string, process: SimulatedProcess): void {
    this.#calls.hangs(this.#change(changeId), process);
  }

  /** Whether a process that has taken very long waits for a change that never ends. */
  isHanging(process: SimulatedProcess): boolean {
    return this.#calls.isHanging(process);
  }

  /** A target system is set back to an earlier moment. */
  setBack(database: Database, restore: () => void): void {
    this.#setBack.setBack(database, restore);
  }

  /** All target systems are dropped and made anew, also what is beside the ledger. */
  drop(make: () => void): void {
    this.#epochs.drop();
    make();
  }

  /** How often they were. */
  get drops(): number {
    return this.#epochs.drops;
  }

  /** Whoever looked after so many drops was told that there is nothing to leave behind. */
  nothingToLeave(drops: number): void {
    this.#epochs.fits(drops);
  }

  /** The ledger speaks of systems that are not there any more. */
  get dropped(): boolean {
    return this.#epochs.dropped;
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
      const checkpoint = checkpointOf(row);
      if (row === LOCK_ROW) this.#lockWritten(database, value as LockRecord | undefined);
      else if (row === 'fence') this.#setBack.fenceWritten(value as FenceRow);
      else if (row.startsWith('entry:')) entries.push(value as SealedEntry);
      else if (checkpoint !== undefined) this.#checkpoints.written(checkpoint, value as CheckpointRow);
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

  /** A start has resolved in a process of this release. */
  ready(name: string, { declares, restricted }: Release): void {
    if (this.#epochs.isOfThePast(name)) return;
    for (const change of this.#case.changes) {
      if (!declares.includes(change.id) || restricted.includes(change.id)) continue;
      // An undo may have begun after the instance had read that it is applied.
      if (this.ledger.everTakenBack(change.id)) continue;
      if (!this.ledger.isApplied(change.id))
        this.#violate(
          'no instance is ready before all is applied',
          `${name} is ready, ${change.id} is not recorded`,
        );
      this.#assertHeld(change, `${name} is ready`, 'no instance is ready before all is applied');
    }
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
    if (latest?.state === 'STARTED' && latest.sequence === about.fence?.sequence) return;
    if (this.#setBack.ever) this.disturb(change.id, 'the fence that would have kept it out was set back');
    else
      this.#violate(
        'a fenced holder commits nothing',
        `${about.process.name} has committed ${change.id} for entry ${about.fence?.sequence ?? 0}; the ledger says ${latest?.state ?? 'nothing'} ${latest?.sequence ?? ''}`,
      );
  }

  #appended(sealed: SealedEntry): void {
    const { entry } = sealed;
    const before = isAboutChange(entry) ? this.ledger.latest(entry.changeId) : undefined;
    this.ledger.append(sealed);
    this.#checkpoints.appended(entry);
    if (entry.kind === 'adoption') {
      this.#case.world.count(`ledger: adopted (${entry.found})`);
      this.#setBack.adopted(entry);
    }
    if (entry.kind === 'epoch') this.#newEpoch();
    if (!isAboutChange(entry)) return;
    if (isDoubt(entry)) this.#setBack.doubted(this.#change(entry.changeId));
    else if (entry.state === 'STARTED') this.#setBack.begins(this.#change(entry.changeId), before);
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

  #newEpoch(): void {
    this.#case.world.count('ledger: a new epoch');
    this.#disturbed.clear();
    for (const id of this.#epochs.begins()) this.disturb(id, 'its system was not made anew');
  }

  #assertHeld(change: ChangePlan, where: string, rule: string): void {
    if (this.#isNobodysPromise(change)) return;
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
    if (lock === undefined) this.#lock.released();
    else this.#lock.taken(lock, Number(database.row(LOCKED_AT)));
  }

  /** Whether the effects of a change must be there exactly once. */
  #counts(change: ChangePlan): boolean {
    if (this.#isNobodysPromise(change)) return false;
    const { transactional, recovery, behaviours } = change;
    if (recovery === 'MANUAL_INTERVENTION') return true;
    return transactional && !behaviours.some(({ kind }) => kind === 'commits');
  }

  #isNobodysPromise({ id }: ChangePlan): boolean {
    return this.#epochs.dropped || this.#disturbed.has(id) || this.#setBack.isLost(id);
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

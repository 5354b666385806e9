import type { ChangeContext } from '../../src/change/change-context.js';
import type { Role } from '../deployment/release.js';
import type { ChangePlan } from '../deployment/scenario.js';
import type { SimulatedProcess } from '../world/simulated-process.js';
import type { LedgerWatch } from './ledger-watch.js';

/** What the calls of changes are held against. */
interface CallRules {
  readonly ledger: LedgerWatch;
  /** How long a run may take, in milliseconds. */
  readonly runDeadlineMs: number | undefined;
  /** By the name of a process. */
  readonly roleOf: (name: string) => Role;
  readonly violate: (rule: string, what: string) => void;
}

/** Follows the calls of changes, and holds each against the rules at the moment at which it is made. */
export class CallWatch {
  readonly #rules: CallRules;
  readonly #hanging = new Map<SimulatedProcess, ChangePlan>();
  /** By run and change: how often it was applied, and whether it may be once more. */
  readonly #tries = new Map<string, { readonly count: number; readonly again: boolean }>();

  constructor(rules: CallRules) {
    this.#rules = rules;
  }

  /** @returns is told of its end, and whether its error was one that passes */
  begins(
    change: ChangePlan,
    process: SimulatedProcess,
    context: ChangeContext,
    method: 'apply' | 'rollback',
  ): (transient: boolean) => void {
    const over = method === 'apply' ? this.#apply(change, process, context) : (): void => undefined;
    const writtenAhead = !change.transactional || change.system === 'separate';
    if (writtenAhead && !process.clocksLied)
      this.#assertStarted(change.id, process, context.executionId, method);
    return over;
  }

  /** What was called never ends. */
  hangs(change: ChangePlan, process: SimulatedProcess): void {
    this.#hanging.set(process, change);
  }

  /** Whether a process that has taken very long waits for a change that never ends. */
  isHanging(process: SimulatedProcess): boolean {
    const change = this.#hanging.get(process);
    if (change === undefined) return false;
    const { violate, runDeadlineMs } = this.#rules;
    const deadlineMs = change.deadlineMs ?? runDeadlineMs;
    if (deadlineMs !== undefined && !process.everHeld)
      violate('a deadline ends a change', `${process.name} still waits for ${change.id}`);
    return true;
  }

  #apply(
    change: ChangePlan,
    process: SimulatedProcess,
    { executionId }: ChangeContext,
  ): (transient: boolean) => void {
    const { ledger, roleOf, violate } = this.#rules;
    const { id } = change;
    const what = `${process.name} begins ${id}`;
    const role = roleOf(process.name);
    if (role.mode !== 'apply') violate('an instance that only looks changes nothing', what);
    if (role.release.restricted.includes(id)) violate('a change runs only where it may', what);
    if (change.runBy === 'cli' && role.by !== 'cli')
      violate('a reserved change is applied by command alone', what);
    // Who is wrong about the lock may also be wrong about what somebody undoes meanwhile.
    if (!process.clocksLied) {
      ledger.assertEarlierApplied(id, what, role);
      if (!role.outOfOrder) ledger.assertNothingAbove(id, what, role);
    }
    const key = `${executionId} ${id}`;
    const { count, again } = this.#tries.get(key) ?? { count: 0, again: true };
    if (!again || count >= (change.retry?.attempts ?? 1))
      violate('a run tries a change again only where it may', `${what} for the ${count + 1}th time`);
    this.#tries.set(key, { count: count + 1, again: false });
    return (transient) => {
      this.#tries.set(key, { count: count + 1, again: transient });
    };
  }

  #assertStarted(changeId: string, process: SimulatedProcess, executionId: string, method: string): void {
    const latest = this.#rules.ledger.latest(changeId);
    if (latest?.state === 'STARTED' && latest.executionId === executionId) return;
    const found = latest === undefined ? 'nothing' : `${latest.state} of ${latest.instanceId}`;
    this.#rules.violate(
      'nothing is done that is not written ahead',
      `${process.name} calls ${method} of ${changeId}; the ledger says ${found}`,
    );
  }
}

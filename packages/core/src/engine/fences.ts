import { FlamingockError, hasCode, isFlamingockError } from '../errors.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { expectedFence, type LedgerState } from '../ledger/fold.js';
import { strangeFence } from '../ledger/strange-fence.js';
import { orAbort } from '../lock/or-abort.js';
import { pause, waitedSince } from '../time.js';
import type { PlanStep } from '../plan/plan.js';
import { strategyOf } from '../plan/strategy.js';
import type { ClaimAnswer, TargetTransactions } from '../target/target.js';
import { closedBeforeEnd, leftOfRunMs, stopWhenClosing } from './closing.js';
import type { EngineContext } from './context.js';
import type { RunContext } from './run-context.js';
import type { Reading } from './sequence.js';
import { LEAST_ENDING_MS, targetPatienceMs } from './target-patience.js';

/** What the fence row of a target shows of this ledger's changes. */
export type Fence = Pick<Extract<ClaimAnswer, { status: 'claimed' }>, 'applied' | 'begun'>;

/**
 * What the fence of its target shows of an execution or undo without an outcome. `undefined`: nothing. It began and was not
 * applied, so it ended its transaction by itself; or the row was written later, by whoever adopted the target, and what it
 * had shown is gone.
 */
export function shownByFence(open: ChangeEntry, { applied, begun }: Fence): 'done' | 'not-done' | undefined {
  if (applied === open.sequence) return 'done';
  return begun < open.sequence ? 'not-done' : undefined;
}

/**
 * Claims every target that the run will use or has to settle, before its first change, and returns for each what its
 * fence shows. From then on no transaction of an older run can commit.
 *
 * Throws `FLG_TARGET_ENVIRONMENT`, `FLG_TARGET_AHEAD`, `FLG_TARGET_BEHIND`, `FLG_TARGET_UNREACHABLE`, `FLG_LOCK_LOST`.
 */
export async function claimTargets(
  run: RunContext,
  pending: readonly PlanStep[],
  state: LedgerState,
): Promise<ReadonlyMap<string, Fence>> {
  const fences = new Map<string, Fence>();
  for (const targetSystem of new Set(pending.flatMap((step) => fencedTargets(run, step, state)))) {
    const transactions = run.engine.targets[targetSystem]?.transactions;
    if (transactions === undefined) continue;
    const expected = expectedFence(state, targetSystem);
    const fence = await claimFence(run, targetSystem, transactions, expected);
    // A run that the ledger has lost may have had this very token. Its claim then passes, but what it committed shows.
    const strange = strangeFence(state, fence);
    if (strange?.found === 'ahead') throw targetAhead(targetSystem, strange.sequence);
    if (strange !== undefined) throw targetOfThePast(targetSystem, strange.sequence);
    fences.set(targetSystem, fence);
  }
  return fences;
}

/**
 * Where a step needs the fence: at its target, and at the one where its last execution was interrupted. A target that
 * shares the store's transactions needs none, but is claimed before its first use: a clone of a database with store and
 * target in it, or two environments that share one, would else have their changes applied a second time.
 */
function fencedTargets(
  run: RunContext,
  { change, latest }: PlanStep,
  { sharedTargets }: LedgerState,
): readonly string[] {
  const strategy = run.bound.get(change.id)?.strategy;
  const separate =
    strategy === 'TX_SEPARATE' || (strategy === 'TX_SHARED' && !sharedTargets.has(change.targetSystem));
  const interrupted = latest?.state === 'STARTED' && latest.strategy === 'TX_SEPARATE';
  return [...(separate ? [change.targetSystem] : []), ...(interrupted ? [latest.targetSystem] : [])];
}

/** Whether a change runs, or ever ran, in a transaction there: elsewhere a claim would leave a table behind for nothing. */
export function usesFence(
  { targets, store }: EngineContext,
  { plan, state }: Pick<Reading, 'plan' | 'state'>,
  name: string,
): boolean {
  const target = targets[name];
  if (target === undefined) return false;
  return (
    expectedFence(state, name) > 0 ||
    plan.steps.some(
      ({ change }) => change.targetSystem === name && strategyOf(change, target, store) !== 'NON_TX',
    )
  );
}

/**
 * Claims one target for this run.
 *
 * @param expected the least `applied` that its fence must show
 */
export async function claimFence(
  run: RunContext,
  targetSystem: string,
  transactions: TargetTransactions,
  expected = 0,
): Promise<Fence> {
  const answer = await claimAnswer(run, targetSystem, transactions, expected);
  switch (answer.status) {
    case 'claimed':
      return answer;
    case 'foreign':
      throw targetEnvironment(run, targetSystem, answer.environment);
    case 'superseded':
      throw targetAhead(targetSystem, answer.claimed);
    case 'behind':
      throw targetBehind(targetSystem, answer.applied, expected);
  }
}

/** Claims one target, and returns what it answers. Throws `FLG_LOCK_LOST` where a later run of this ledger has claimed it. */
export async function claimAnswer(
  run: RunContext,
  targetSystem: string,
  transactions: TargetTransactions,
  expected = 0,
): Promise<ClaimAnswer> {
  const { lease, engine, token } = run;
  const answer = await askFence(run, targetSystem, () =>
    transactions.claim(engine.key, token, { patienceMs: lease.leaseMs, expected }),
  );
  if (answer.status === 'superseded') await assertSetBack(run, answer.claimed);
  return answer;
}

/**
 * Throws `FLG_LOCK_LOST` unless the ledger has been set back: then nobody else renews the lock, and nothing stands at the
 * sequence that was claimed with. A run can be later although the lock is still here, because its process, frozen with
 * its clocks while it took the lock, does not know that it has lost it.
 */
async function assertSetBack({ engine, lease, session }: RunContext, claimed: number): Promise<void> {
  const later = (): FlamingockError => lease.lose('a later run has claimed a target system');
  await lease.renew().catch((error: unknown) => {
    // Also a store that is busy has confirmed nothing, and whoever keeps it busy is probably that later run.
    throw isFlamingockError(error) && error.code !== 'FLG_STORE_BUSY' ? error : later();
  });
  const { entries } = await engine.access.bounded(() => session.read(engine.key, claimed - 1));
  if (entries.length > 0) throw later();
}

/**
 * Waits for an older holder's open transaction, no longer than one waits for a target: a stopped process may never end it.
 * Once the time of the run is over, it is only asked for long enough to tell what became of a change.
 */
export async function askFence<T>(run: RunContext, targetSystem: string, ask: () => Promise<T>): Promise<T> {
  const { lease, engine } = run;
  const began = engine.time.clocks();
  const patienceMs = Math.min(targetPatienceMs(engine), Math.max(LEAST_ENDING_MS, leftOfRunMs(run)));
  const leftMs = (): number => patienceMs - waitedSince(engine.time, began);
  for (;;) {
    lease.assertHeld();
    stopWhenClosing(engine);
    try {
      return await answered(run, orAbort(ask(), lease.signal), leftMs());
    } catch (error) {
      const busy = hasCode(error, 'FLG_STORE_BUSY');
      if (!busy) throw isFlamingockError(error) ? error : unreachable(run, targetSystem, error);
      if (leftMs() <= 0) throw unreachable(run, targetSystem, error);
    }
    await pause(engine.time, 50, lease.signal);
  }
}

/** A target that is silently dead never answers; a claim that comes too late does no harm. */
async function answered<T>({ engine }: RunContext, claim: Promise<T>, patienceMs: number): Promise<T> {
  const limit = new AbortController();
  const cancel = engine.time.after(Math.max(1, patienceMs), () => {
    limit.abort(new Error('it does not answer'));
  });
  const onClose = (): void => {
    limit.abort(closedBeforeEnd());
  };
  engine.aborting.addEventListener('abort', onClose, { once: true });
  try {
    return await orAbort(claim, limit.signal);
  } finally {
    cancel();
    engine.aborting.removeEventListener('abort', onClose);
  }
}

function unreachable(run: RunContext, targetSystem: string, error: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_UNREACHABLE',
    message: `The target system '${targetSystem}' could not be claimed: ${run.engine.redactor.record(error).message}.`,
    hint: 'Check that it is running and that the application may create and write the table flamingock_fence, then start again.',
  });
}

function targetEnvironment(run: RunContext, targetSystem: string, environment: string): FlamingockError {
  const { key } = run.engine;
  return new FlamingockError({
    code: 'FLG_TARGET_ENVIRONMENT',
    message: `The target system '${targetSystem}' belongs to environment '${environment}' of service '${key.service}'; this is '${key.environment}'. No change was executed.`,
    hint: "It is a clone, or two environments share it: point the configuration at this environment's own system. If this is the one to use from now on, adopt it: adopt(targetSystem, { actor, reason }).",
  });
}

function targetAhead(targetSystem: string, found: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_AHEAD',
    message: `The target system '${targetSystem}' knows entry ${found} of its ledger, which this ledger does not have: the ledger is older than the target, or another one. No change was executed.`,
    hint: 'The audit store was probably restored from a backup, or deleted beside a target system that was kept: bring back the one that belongs to the other, or begin with both anew; or adopt the target as it is: adopt(targetSystem, { actor, reason }).',
  });
}

function targetBehind(targetSystem: string, found: number, expected: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_BEHIND',
    message: `The target system '${targetSystem}' has come to ledger entry ${found}, but the ledger says that entry ${expected} was committed there. No change was executed.`,
    hint: 'It was probably restored from a backup or made anew: restore the state that belongs to the ledger, or adopt the target as it is: adopt(targetSystem, { actor, reason }). In a disposable environment in which all target systems were made anew: `flamingock dev reset`.',
  });
}

function targetOfThePast(targetSystem: string, found: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_BEHIND',
    message: `The target system '${targetSystem}' shows ledger entry ${found}, of before the last reset: it was not made anew for it, or was restored since. No change was executed.`,
    hint: 'Drop it as a whole, with the table flamingock_fence, and create it empty; or adopt it as it is: adopt(targetSystem, { actor, reason }).',
  });
}

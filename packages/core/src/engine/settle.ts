import { isUnproven } from '../ledger/change-record.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { type Plan, type PlanStep, whenReached } from '../plan/plan.js';
import { issueOpen } from '../report/failure.js';
import {
  type Action,
  APPLY,
  type Attempt,
  attemptEntry,
  type AttemptResult,
  beginAttempt,
  done,
  failed,
  referenceTo,
  type RunContext,
  UNDO,
} from './run-context.js';
import { stopWhenOver } from './closing.js';
import { type Fence, shownByFence } from './fences.js';
import { interruptedError, settleElsewhere } from './settle-elsewhere.js';
import { askWhetherDone } from './execute/verify.js';

/** What settling has found out. */
export interface Settled {
  /** Ids of the changes that are applied. */
  readonly settled: readonly string[];
  /** Ids of the changes that are undone. */
  readonly undone: readonly string[];
  /** There was something to settle: a plan that was made before does not count any more. */
  readonly looked: boolean;
}

/** Settles every open execution and undo, before the first change runs. Throws `FLG_ISSUE_OPEN`. */
export async function settleAll(
  run: RunContext,
  plan: Plan,
  fences: ReadonlyMap<string, Fence>,
): Promise<Settled> {
  const open = plan.pending.filter(({ action }) => action === 'settle');
  const elsewhere = await settleElsewhere(run, new Set(open.map(({ change }) => change.id)), fences);
  const found = new Map<string, Settlement>();
  for (const step of open)
    found.set(step.change.id, await settle(run, step, whenReached(plan, step), fences));
  const ids = [...found.keys()];
  return {
    settled: ids.filter((id) => found.get(id) === 'applied'),
    undone: ids.filter((id) => found.get(id) === 'undone'),
    looked: elsewhere || ids.length > 0,
  };
}

/** What is known of an interrupted execution or undo after everything that can prove it was asked. */
type Settlement = 'applied' | 'undone' | 'apply-again';

/**
 * Settles an execution or an undo without a proven outcome: by the fence row of its target, by `verify`, by its recovery
 * strategy, in this order. Records what it finds out. Throws `FLG_ISSUE_OPEN` where only a person can tell; an undo is
 * never repeated, whatever the strategy.
 *
 * @param fences what the fence of each claimed target shows
 */
async function settle(
  run: RunContext,
  step: PlanStep,
  plan: Plan,
  fences: ReadonlyMap<string, Fence>,
): Promise<Settlement> {
  const { latest, change } = step;
  const bound = run.bound.get(change.id);
  if (latest === undefined || bound === undefined) return 'apply-again';
  const action = actionOf(latest);
  const attempt = beginAttempt(run, bound, latest.attempt, action);

  const fence = fences.get(latest.targetSystem);
  if (latest.state === 'STARTED' && latest.strategy === 'TX_SEPARATE' && fence !== undefined) {
    const shown = shownByFence(latest, fence);
    if (shown !== undefined)
      return record(
        attempt,
        latest,
        shown === 'done' ? done(attempt, 'fence') : failed(attempt, 'fence', undefined),
      );
  }
  // Announced, but the entry that would have come with its transaction is not there, and its sequence is taken by now.
  if (latest.state === 'STARTED' && latest.strategy === 'TX_SHARED')
    return record(attempt, latest, failed(attempt, 'transaction', undefined));
  // What another target system holds now tells nothing of the one where the change was interrupted.
  const found = latest.targetSystem === change.targetSystem ? await askWhetherDone(attempt) : 'unknown';
  if (found !== 'unknown')
    return record(
      attempt,
      latest,
      found === 'done' ? done(attempt, 'verify') : failed(attempt, 'verify', undefined),
    );
  // A verify that had no time to look has found out nothing.
  stopWhenOver(run, change);
  if (action.kind === 'execution' && change.recovery === 'ALWAYS_RETRY') return 'apply-again';
  // Once it is recorded, the other instances fail with it at once, without the lock.
  const known = isUnproven(latest)
    ? latest
    : await append(attempt, latest, { ...failed(attempt, 'none', withoutOutcome(latest)), final: true });
  throw issueOpen(change, known, plan);
}

function actionOf({ kind, actor = '', reason = '' }: ChangeEntry): Action {
  return kind === 'undo' ? { ...UNDO, wanted: { actor, reason } } : APPLY;
}

async function record(
  attempt: Attempt,
  interrupted: ChangeEntry,
  result: AttemptResult,
): Promise<Settlement> {
  const { state } = await append(attempt, interrupted, result);
  if (state === 'UNDONE') return 'undone';
  return state === 'APPLIED' ? 'applied' : 'apply-again';
}

/** The entry is about the execution that was interrupted, wherever the change is aimed now. */
async function append(
  attempt: Attempt,
  { targetSystem, targetIdentity, strategy }: ChangeEntry,
  result: AttemptResult,
): Promise<ChangeEntry> {
  const { run, bound } = attempt;
  const { targetIdentity: _here, ...parts } = attemptEntry(attempt, result);
  const place = { targetSystem, strategy, ...(targetIdentity === undefined ? {} : { targetIdentity }) };
  const entry = await run.tail.append({ ...parts, ...place });
  run.engine.emit({
    type: 'change-settled',
    change: referenceTo(bound.change),
    state: result.state,
    proof: result.proof,
  });
  return entry as ChangeEntry;
}

function withoutOutcome(open: ChangeEntry): Error {
  const { name, message } = interruptedError(open);
  return Object.assign(new Error(message), { name });
}

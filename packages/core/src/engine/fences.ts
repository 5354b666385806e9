import { FlamingockError, hasCode, isFlamingockError } from '../errors.js';
import { expectedFence, type LedgerState } from '../ledger/fold.js';
import { orAbort } from '../lock/or-abort.js';
import { pause } from '../lock/pause.js';
import type { PlanStep } from '../plan/plan.js';
import type { ClaimAnswer, TargetTransactions } from '../target/target.js';
import type { RunContext } from './run-context.js';

/**
 * Claims every target that the run will use or has to settle, before its first change, and returns for each the
 * sequence of the last change that committed there. From then on no transaction of an older run can commit.
 *
 * Throws `FLG_TARGET_ENVIRONMENT`, `FLG_TARGET_AHEAD`, `FLG_TARGET_BEHIND`, `FLG_TARGET_UNREACHABLE`, `FLG_LOCK_LOST`.
 */
export async function claimTargets(
  run: RunContext,
  pending: readonly PlanStep[],
  state: LedgerState,
): Promise<ReadonlyMap<string, number>> {
  const applied = new Map<string, number>();
  for (const step of pending) {
    const { targetSystem, id } = step.change;
    const transactions = run.engine.targets[targetSystem]?.transactions;
    const fenced = run.bound.get(id)?.strategy === 'TX_SEPARATE' || step.latest?.strategy === 'TX_SEPARATE';
    if (!fenced || transactions === undefined || applied.has(targetSystem)) continue;
    const found = await claimFence(run, targetSystem, transactions);
    const expected = expectedFence(state, targetSystem);
    if (found < expected) throw targetBehind(targetSystem, found, expected);
    applied.set(targetSystem, found);
  }
  return applied;
}

/** Claims one target for this run; its answer is the sequence of the last change that committed there. */
export async function claimFence(
  run: RunContext,
  targetSystem: string,
  transactions: TargetTransactions,
): Promise<number> {
  const answer = await claimWhileHeld(run, targetSystem, transactions);
  switch (answer.status) {
    case 'claimed':
      return answer.applied;
    case 'foreign':
      throw targetEnvironment(run, targetSystem, answer.environment);
    case 'superseded':
      // Either a later run exists, and then this renewal fails, or the ledger has been set back.
      await run.lease.renew();
      throw targetAhead(run, targetSystem, answer.claimed);
  }
}

async function claimWhileHeld(
  run: RunContext,
  targetSystem: string,
  transactions: TargetTransactions,
): Promise<ClaimAnswer> {
  const { lease, engine, token } = run;
  for (;;) {
    lease.assertHeld();
    try {
      return await orAbort(transactions.claim(engine.key, token), lease.signal);
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY'))
        throw isFlamingockError(error) ? error : unreachable(run, targetSystem, error);
    }
    await pause(50, lease.signal);
  }
}

function unreachable(run: RunContext, targetSystem: string, error: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_UNREACHABLE',
    message: `The target system '${targetSystem}' could not be claimed: ${run.engine.redactor.record(error).message}. No change was executed.`,
    hint: 'Check that it is running and that the application may create and write the table flamingock_fence, then start again.',
  });
}

function targetEnvironment(run: RunContext, targetSystem: string, environment: string): FlamingockError {
  const { key } = run.engine;
  return new FlamingockError({
    code: 'FLG_TARGET_ENVIRONMENT',
    message: `The target system '${targetSystem}' belongs to environment '${environment}' of service '${key.service}'; this is '${key.environment}'. No change was executed.`,
    hint: "It is a clone, or two environments share it: point the configuration at this environment's own system.",
  });
}

function targetAhead(run: RunContext, targetSystem: string, claimed: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_AHEAD',
    message: `The target system '${targetSystem}' was claimed by run ${claimed}, but the ledger has only come to ${run.token}: it is older than the target. No change was executed.`,
    hint: 'The audit store was probably restored from a backup: restore the state that belongs to the target system.',
  });
}

function targetBehind(targetSystem: string, found: number, expected: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_BEHIND',
    message: `The target system '${targetSystem}' has come to ledger entry ${found}, but the ledger says that entry ${expected} was committed there. No change was executed.`,
    hint: 'It was probably restored from a backup or made anew: restore the state that belongs to the ledger.',
  });
}

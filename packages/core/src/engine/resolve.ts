import { displayName } from '../change/change.js';
import { FlamingockError } from '../errors.js';
import type { Issue, Resolution } from '../flamingock.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { isUnproven } from '../ledger/fold.js';
import { LedgerTail } from './ledger-tail.js';
import { takeTurn, type Turn } from './take-turn.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { PlanStep } from '../plan/plan.js';
import type { EngineContext } from './context.js';
import { type Reading, readingOf } from './sequence.js';

/** The changes of a reading whose outcome only a person can tell. */
export function issuesOf({ plan }: Reading): readonly Issue[] {
  return plan.steps.flatMap(({ change, action, latest }) =>
    action !== 'settle' || latest === undefined || !isIssue(change, latest)
      ? []
      : [
          {
            changeId: change.id,
            displayName: displayName(change),
            targetSystem: change.targetSystem,
            since: latest.at,
            attempt: latest.attempt,
            error: latest.error,
          },
        ],
  );
}

/** While it is `STARTED` a change may still be executed; once the lease is gone, the next run settles it. */
function isIssue(change: AssignedChange, latest: ChangeEntry): boolean {
  return isUnproven(latest) && change.recovery === 'MANUAL_INTERVENTION';
}

/**
 * Records a person's word on an issue as a new entry. Takes the lock and reads again first, so that a running
 * instance or another person's word is never overwritten.
 *
 * Throws `FLG_OPTION_INVALID` without actor or reason, `FLG_RESOLUTION_REFUSED` when there is no such open issue,
 * and what taking the lock throws.
 */
export async function resolveIssue(
  engine: EngineContext,
  changes: readonly AssignedChange[],
  changeId: string,
  resolution: Resolution,
): Promise<void> {
  assertResolution(resolution);
  const first = await engine.access.read(engine.key);
  openIssue(readingOf(engine, changes, first), changeId);
  const turn = await takeTurn(engine, first, {
    look: () => false,
    onWait: (holder) => {
      engine.emit({ type: 'waiting', holder, applied: 0, pending: 0 });
    },
  });
  if (turn === undefined) return;
  try {
    await append(engine, turn, changes, changeId, resolution);
  } finally {
    await engine.access.bounded(() => turn.lease.release()).catch(() => undefined);
    await engine.access.closeSession(turn.session);
  }
}

async function append(
  engine: EngineContext,
  { session, lease }: Turn,
  changes: readonly AssignedChange[],
  changeId: string,
  { as, actor, reason }: Resolution,
): Promise<void> {
  const reading = readingOf(engine, changes, await engine.access.bounded(() => session.read(engine.key, 0)));
  const { latest, change } = openIssue(reading, changeId);
  if (latest === undefined) return;
  lease.wrote(reading.state.highestSequence);
  const writer = { ...engine.instance, executionId: engine.time.id() };
  const tail = new LedgerTail(
    { access: engine.access, session, key: engine.key, lease, writer, time: engine.time },
    reading.state,
  );
  const { order, name, targetSystem, strategy, recovery, attempt, source } = latest;
  await tail.append({
    kind: 'resolution',
    changeId,
    order,
    name,
    targetSystem,
    strategy,
    recovery,
    attempt,
    source,
    state: as === 'APPLIED' ? 'MANUALLY_APPLIED' : 'MANUALLY_ROLLED_BACK',
    proof: 'person',
    ...(change.revision === undefined ? {} : { revision: change.revision }),
    ...(latest.targetIdentity === undefined ? {} : { targetIdentity: latest.targetIdentity }),
    actor: engine.redactor.redact(actor),
    reason: engine.redactor.redact(reason),
  });
}

function openIssue(reading: Reading, changeId: string): PlanStep {
  const step = reading.plan.steps.find(({ change }) => change.id === changeId);
  if (step !== undefined && issuesOf(reading).some((issue) => issue.changeId === changeId)) return step;
  const open = issuesOf(reading)
    .map((issue) => `'${issue.changeId}'`)
    .join(', ');
  throw new FlamingockError({
    code: 'FLG_RESOLUTION_REFUSED',
    message: `The change '${changeId}' has no open issue (now: ${step?.latest?.state ?? 'never executed'}); nothing was recorded.`,
    hint: open === '' ? 'There is no open issue at all; look at status() again.' : `Open issues: ${open}.`,
  });
}

function assertResolution({ as, actor, reason }: Resolution): void {
  const problems = [
    ...((['APPLIED', 'ROLLED_BACK'] as readonly string[]).includes(as)
      ? []
      : ["as must be 'APPLIED' or 'ROLLED_BACK'"]),
    ...(typeof actor === 'string' && actor.trim() !== '' ? [] : ['actor is missing']),
    ...(typeof reason === 'string' && reason.trim() !== '' ? [] : ['reason is missing']),
  ];
  if (problems.length === 0) return;
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `resolve(): ${problems.join('; ')}.`,
    hint: 'Say who decided, and what was found at the target system.',
  });
}

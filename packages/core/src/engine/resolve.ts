import { FlamingockError, hasCode } from '../errors.js';
import { isObject } from '../is-object.js';
import type { ChangeEntry, EntryState } from '../ledger/entry.js';
import { isApplied } from '../ledger/change-record.js';
import type { LedgerState } from '../ledger/fold.js';
import { unseal } from '../ledger/seal.js';
import type { Resolution } from '../operations.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { isIssue } from '../plan/issue.js';
import type { PlanStep } from '../plan/plan.js';
import { endTurn, ledgerTail } from './begin-run.js';
import type { EngineContext } from './context.js';
import type { ChangeEntryParts, LedgerTail } from './ledger-tail.js';
import { assertPerson, recordedPerson, takePersonsTurn } from './person.js';
import { readUnderLock } from './read-under-lock.js';
import { type Reading, readNow } from './sequence.js';

/**
 * Records a person's word on an issue as a new entry. Takes the lock and reads again first, and compares with what the
 * person was shown, so that a running instance or another person's word is never overwritten.
 *
 * Throws `FLG_OPTION_INVALID` without actor or reason, `FLG_RESOLUTION_REFUSED` when there is no such open issue, or
 * another one than the person was shown, and what taking the lock throws.
 */
export async function resolveIssue(
  engine: EngineContext,
  changes: readonly AssignedChange[],
  changeId: string,
  resolution: Resolution,
): Promise<void> {
  assertResolution(resolution);
  const first = await readNow(engine, changes);
  const shown = resolvable(first, changeId, resolution, resolution.expected);
  const turn = await takePersonsTurn(engine, first);
  let tail: LedgerTail | undefined;
  try {
    const reading = await readUnderLock(engine, turn, changes);
    const now = resolvable(reading, changeId, resolution, shown.latest.sequence);
    const executionId = engine.time.id();
    tail = ledgerTail(engine, turn, reading, executionId);
    await append(engine, tail, { executionId, reading }, resolutionEntry(engine, reading, now, resolution));
  } finally {
    await endTurn(engine, turn, tail);
  }
}

/** A lost lock leaves open whether the entry was written; what stands in its place tells. */
async function append(
  engine: EngineContext,
  tail: LedgerTail,
  { executionId, reading }: { readonly executionId: string; readonly reading: Reading },
  parts: ChangeEntryParts,
): Promise<void> {
  try {
    await tail.append(parts);
  } catch (error) {
    if (!hasCode(error, 'FLG_LOCK_LOST')) throw error;
    const [there] = (await engine.access.read(engine.key, reading.state.highestSequence)).entries;
    if (there === undefined) throw error;
    if (unseal(there).executionId !== executionId)
      throw refused(`Another instance has taken over before the word on '${parts.changeId}' was written`);
  }
}

function resolutionEntry(
  engine: EngineContext,
  { state }: Reading,
  { change, latest }: Resolvable,
  { as, ...person }: Resolution,
): ChangeEntryParts {
  const { changeId, order, name, targetSystem, strategy, recovery, attempt, source } = latest;
  // Recorded before, or by an adoption since: a resolution does not make another system the right one.
  const targetIdentity = state.identities.get(targetSystem);
  return {
    kind: 'resolution',
    changeId,
    order,
    name,
    targetSystem,
    strategy,
    recovery,
    attempt,
    source,
    state: stateFor(as, latest.kind),
    proof: 'person',
    ...(change.revision === undefined ? {} : { revision: change.revision }),
    ...(targetIdentity === undefined ? {} : { targetIdentity }),
    ...recordedPerson(engine, person),
  };
}

/** What a person wanted to undo stays undone, and is held: it must not come back with the next start. */
export function stateFor(as: Resolution['as'], of: ChangeEntry['kind']): EntryState {
  if (as === 'APPLIED') return 'MANUALLY_APPLIED';
  return of === 'undo' ? 'UNDONE' : 'MANUALLY_ROLLED_BACK';
}

type Resolvable = PlanStep & { readonly latest: ChangeEntry };

/**
 * The step that a person may say a word on.
 *
 * @param expected the sequence that the person was shown
 */
function resolvable(
  { plan, state }: Reading,
  changeId: string,
  { as }: Resolution,
  expected: number | undefined,
): Resolvable {
  const step = plan.steps.find(({ change }) => change.id === changeId);
  const latest = step?.latest;
  const isOpen = (one: PlanStep): boolean =>
    one.action === 'settle' && one.latest !== undefined && isIssue(one.change, one.latest);
  const isLost = as === 'ROLLED_BACK' && latest !== undefined && mayBeLost(state, latest);
  if (step === undefined || latest === undefined || !(isOpen(step) || isLost)) {
    const open = plan.steps.filter(isOpen).map(({ change }) => `'${change.id}'`);
    throw refused(
      `The change '${changeId}' has no open issue (now: ${stateOf(latest)})`,
      open.length === 0 ? undefined : `Open issues: ${open.join(', ')}.`,
    );
  }
  if (expected !== undefined && expected !== latest.sequence)
    throw refused(
      `What stands open of '${changeId}' is not what was shown: entry ${latest.sequence}, and not ${expected}`,
      `Look again before you decide: \`flamingock issue show ${changeId}\`.`,
    );
  return { ...step, latest };
}

/**
 * Nothing tells of an applied change whether an adopted system has it, where that system has no fence; and where the ledger
 * is the one that was set back, an undo may be among what it has forgotten. Then a person may say that it is gone.
 */
function mayBeLost({ adoptions }: LedgerState, latest: ChangeEntry): boolean {
  const adoption = adoptions.get(latest.targetSystem);
  return (
    adoption !== undefined &&
    (adoption.found === 'unknown' || adoption.found === 'ahead') &&
    isApplied(latest) &&
    latest.sequence < adoption.sequence
  );
}

function stateOf(latest: ChangeEntry | undefined): string {
  if (latest === undefined) return 'never executed';
  if (latest.state !== 'STARTED') return latest.state;
  return 'STARTED: an instance may still be at it; the next start after its lease tells, or makes it an issue';
}

function refused(
  why: string,
  hint = '`flamingock issue list` and `flamingock status` show what stands open.',
): FlamingockError {
  return new FlamingockError({
    code: 'FLG_RESOLUTION_REFUSED',
    message: `${why}; nothing was recorded.`,
    hint,
  });
}

function assertResolution(resolution: Resolution): void {
  const { as, expected } = isObject(resolution) ? resolution : {};
  assertPerson(
    'resolve()',
    resolution,
    ['as', 'expected'],
    [
      ...(as === 'APPLIED' || as === 'ROLLED_BACK' ? [] : ["as must be 'APPLIED' or 'ROLLED_BACK'"]),
      ...(expected === undefined || Number.isSafeInteger(expected)
        ? []
        : ['expected must be the sequence of an entry']),
    ],
  );
}

import type { FlamingockError } from '../errors.js';
import { isObject } from '../is-object.js';
import type { ChangeEntry } from '../ledger/entry.js';
import type { Person, UndoneChange, UndoOptions, UndoReport } from '../operations.js';
import { isIssue } from '../plan/issue.js';
import type { Plan, PlanStep } from '../plan/plan.js';
import { issueOpen, undoFailed } from '../report/failure.js';
import { waitedSince } from '../time.js';
import { beginRun, endTurn } from './begin-run.js';
import { stopWhenClosing } from './closing.js';
import type { EngineContext } from './context.js';
import { execute, record } from './execute/execute.js';
import { claimTargets } from './fences.js';
import { assertPerson, recordedPerson, takePersonsTurn } from './person.js';
import {
  attemptEntry,
  beginAttempt,
  recordedError,
  referenceTo,
  type RunContext,
  UNDO,
} from './run-context.js';
import { readUnderLock } from './read-under-lock.js';
import { type Reading, readNow } from './sequence.js';
import { settleAll } from './settle.js';
import type { StartParts } from './start-parts.js';
import {
  appliedFrom,
  assertAsShown,
  assertExpected,
  selectUndo,
  type UndoSelection,
} from './undo-selection.js';

/** What an undo needs besides the engine. */
export type UndoParts = Pick<StartParts, 'changes' | 'bind'>;

/**
 * Rolls applied changes back, last first, under the lock. Each undo is announced in the ledger before it acts, so that an
 * instance that starts meanwhile does not take the change for applied.
 *
 * Throws `FLG_OPTION_INVALID`, `FLG_UNDO_REFUSED` and what is wrong with the sequence before anything is executed;
 * `FLG_UNDO_FAILED` where a rollback failed and the change is proven to be applied still; `FLG_ISSUE_OPEN` where nothing
 * proves what became of it; and what taking the lock throws.
 */
export async function undo(
  engine: EngineContext,
  parts: UndoParts,
  options: UndoOptions,
): Promise<UndoReport> {
  assertUndo(options);
  const began = engine.time.clocks();
  const first = await readNow(engine, parts.changes);
  const shown = selectUndo(first, options.last === true ? undefined : options.downTo);
  assertExpected(options.expected, shown);
  const bound = await parts.bind([...shown.applied, ...shown.interrupted].map(({ change }) => change));
  const turn = await takePersonsTurn(engine, first);
  const read = (): Promise<Reading> => readUnderLock(engine, turn, parts.changes);
  let run: RunContext | undefined;
  const mayEnd = engine.time.keepAlive();
  try {
    for (;;) {
      const reading = await read();
      const now = selectUndo(reading, shown.lowest);
      assertAsShown(shown, now);
      run = await beginRun(engine, turn, reading, bound, 'cli');
      if (run === undefined) continue;
      const { undone, settled } = await undoAll(run, recordedPerson(engine, options), now, reading, read);
      const durationMs = Math.round(waitedSince(engine.time, began));
      return { executionId: run.executionId, undone, settled, durationMs };
    }
  } finally {
    mayEnd();
    await endTurn(engine, turn, run?.tail);
  }
}

/**
 * Settles what was interrupted, and undoes the rest, last first.
 *
 * @param readAgain reads the ledger and plans anew
 */
export async function undoAll(
  run: RunContext,
  wanted: Person,
  { lowest, applied, interrupted }: UndoSelection,
  reading: Reading,
  readAgain: () => Promise<Reading>,
): Promise<Pick<UndoReport, 'undone' | 'settled'>> {
  const fences = await claimTargets(run, [...applied, ...interrupted], reading.state);
  const { undone: settled, looked } = await settleAll(run, reading.plan, fences);
  const steps = looked ? appliedFrom((await readAgain()).plan, lowest) : applied;
  const undone: UndoneChange[] = [];
  for (const step of steps) {
    await run.engine.time.turn();
    stopWhenClosing(run.engine);
    undone.push(await undoOne(run, step, wanted, reading, undone));
  }
  return { undone, settled };
}

async function undoOne(
  run: RunContext,
  step: PlanStep,
  wanted: Person,
  { plan }: Reading,
  before: readonly UndoneChange[],
): Promise<UndoneChange> {
  const bound = run.bound.get(step.change.id);
  if (bound === undefined) throw new TypeError(`${step.change.id} is not bound`);
  const change = referenceTo(step.change);
  const attempt = beginAttempt(run, bound, step.attempts, { ...UNDO, wanted });
  await run.lease.confirm();
  run.engine.emit({ type: 'undo-started', change, strategy: bound.strategy });
  // The other strategies write it by themselves, and need its sequence.
  if (bound.strategy === 'TX_SHARED')
    await run.tail.append(attemptEntry(attempt, { state: 'STARTED', proof: 'none' }));
  const outcome = await execute(attempt);
  const entry = await record(attempt, outcome, outcome.state !== 'UNDONE');
  const { state, proof } = outcome;
  const durationMs = Math.max(0, run.lease.clock.now() - attempt.startedAt);
  if (state === 'UNDONE') {
    run.engine.emit({ type: 'change-undone', change, durationMs, proof });
    return { ...change, proof, durationMs };
  }
  const error = recordedError(attempt, outcome.error);
  run.engine.emit({ type: 'change-failed', change, durationMs, state, proof, error });
  throw failure(step, entry, plan, before);
}

function failure(
  { change }: PlanStep,
  entry: ChangeEntry,
  plan: Plan,
  undone: readonly UndoneChange[],
): FlamingockError {
  const isUndone = (id: string): boolean => undone.some((done) => done.id === id);
  const steps = plan.steps.map((step): PlanStep =>
    isUndone(step.change.id) ? { ...step, action: 'held' } : step,
  );
  return isIssue(change, entry)
    ? issueOpen(change, entry, { ...plan, steps })
    : undoFailed(change, entry, undone);
}

function assertUndo(options: UndoOptions): void {
  const { last, downTo, expected } = isObject(options) ? options : {};
  const named = typeof downTo === 'string' && downTo !== '';
  assertPerson(
    'undo()',
    options,
    ['last', 'downTo', 'expected'],
    [
      ...((last === true) === named ? ['say either last: true or downTo: <id>'] : []),
      ...expectedProblems(expected),
    ],
  );
}

/** What is wrong with the ids that a person was shown. */
export function expectedProblems(expected: unknown): readonly string[] {
  const isList =
    expected === undefined || (Array.isArray(expected) && expected.every((id) => typeof id === 'string'));
  return isList ? [] : ['expected must be a list of ids'];
}

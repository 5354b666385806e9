import { throwProblems } from '../errors.js';
import type { RunReport } from '../run-report.js';
import { waitedSince } from '../time.js';
import type { BoundChange } from '../dependencies/binding.js';
import { beginRun, counts, endTurn } from './begin-run.js';
import { comeToTurn, failWithTheOthers } from './come-to-turn.js';
import type { StartParts } from './start-parts.js';
import type { EngineContext } from './context.js';
import { assertMayApply } from './may-apply.js';
import type { RunContext } from './run-context.js';
import { runPending, type Work } from './run-pending.js';
import { readUnderLock } from './read-under-lock.js';
import type { Reading } from './sequence.js';
import type { Turn } from './take-turn.js';
import { upTo, upToPosition } from './up-to.js';

/**
 * Brings the sequence to its end: by finding that nothing is pending (one statement, no lock), by applying what
 * is pending under the lock, or by waiting for the instance that does. In the modes `wait` and `validate` it never takes
 * the lock, and writes nothing.
 */
export async function start(engine: EngineContext, parts: StartParts): Promise<RunReport> {
  const began = engine.time.clocks();
  const report = (outcome: RunReport['outcome'], ahead: readonly string[], done?: Done): RunReport => {
    const { executionId, applied = [], settled = [] } = done ?? {};
    const total = upToPosition(parts.changes, parts.until);
    const remaining = total === parts.changes.length ? {} : { remaining: parts.changes.length - total };
    const durationMs = Math.round(waitedSince(engine.time, began));
    engine.emit({
      type: 'run-finished',
      outcome,
      applied: applied.length,
      settled: settled.length,
      total,
      ...remaining,
      ahead,
      durationMs,
    });
    return { outcome, executionId, applied, settled, total, ...remaining, ahead, durationMs };
  };
  const reached = await comeToTurn(engine, parts);
  if ('outcome' in reached) return report(reached.outcome, reached.ahead);
  const { turn, bound, above } = reached;
  engine.emit({ type: 'lock-acquired', tookOverFrom: turn.tookOverFrom });
  const done = await underLock(engine, turn, parts, bound, above);
  return report(done.executionId === undefined ? 'waited' : 'applied', done.ahead, done);
}

interface Done extends Work {
  /** `undefined` when another instance had applied everything by then. */
  readonly executionId: string | undefined;
  readonly ahead: readonly string[];
}

/** The first plan is thrown away: what counts is what stands there under the lock. */
async function underLock(
  engine: EngineContext,
  turn: Turn,
  parts: StartParts,
  bound: ReadonlyMap<string, BoundChange>,
  above: number,
): Promise<Done> {
  const read = async (): Promise<Reading> =>
    upTo(await readUnderLock(engine, turn, parts.changes, parts.by), parts.until);
  let run: RunContext | undefined;
  let completeFor: string | undefined;
  // Nothing else may keep a process alive whose change waits for something that never comes; it would end as if all were well.
  const mayEnd = engine.time.keepAlive();
  try {
    for (;;) {
      const reading = await read();
      throwProblems(reading.plan.problems);
      const isWhole = reading.plan.ahead.length === 0 && parts.until === undefined;
      const completed = isWhole ? parts.declaration : undefined;
      if (reading.plan.pending.length === 0) {
        completeFor = completed;
        return { executionId: undefined, ahead: reading.plan.ahead, applied: [], settled: [] };
      }
      failWithTheOthers(reading, above);
      assertMayApply(parts.by, reading.plan.pending[0]?.change);
      run = await beginRun(engine, turn, reading, await rebind(parts, bound, reading), parts.by);
      if (run === undefined) continue;
      engine.emit({ type: 'run-started', executionId: run.executionId, ...counts(reading.plan) });
      const work = await runPending(run, reading, read);
      completeFor = completed;
      return { executionId: run.executionId, ahead: reading.plan.ahead, ...work };
    }
  } finally {
    mayEnd();
    await endTurn(engine, turn, run?.tail, completeFor);
  }
}

/** Only a change that somebody else removed from the pending ones, or added to them, makes binding again necessary. */
async function rebind(
  parts: StartParts,
  bound: ReadonlyMap<string, BoundChange>,
  reading: Reading,
): Promise<ReadonlyMap<string, BoundChange>> {
  const pending = reading.plan.pending.map((step) => step.change);
  return pending.every((change) => bound.has(change.id)) ? bound : parts.bind(pending);
}

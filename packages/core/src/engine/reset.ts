import { FlamingockError } from '../errors.js';
import { isApplied } from '../ledger/change-record.js';
import type { LedgerState } from '../ledger/fold.js';
import type { ResetOptions, ResetReport } from '../operations.js';
import { beginRun, endTurn } from './begin-run.js';
import type { EngineContext } from './context.js';
import { assertDisposable } from './disposable.js';
import { claimFence, usesFence } from './fences.js';
import { assertPerson, recordedPerson, takePersonsTurn } from './person.js';
import { readUnderLock } from './read-under-lock.js';
import type { RunContext } from './run-context.js';
import { type Reading, readNow } from './sequence.js';
import type { StartParts } from './start-parts.js';

/**
 * Begins a new epoch of the ledger after the target systems were made anew: nothing is deleted, and everything before the
 * entry that is appended counts as history only. That one entry is the whole reset, so no crash leaves half of it.
 *
 * Each target with a fence is claimed first. So no transaction of an older run can commit there any more, and a target
 * that still shows what was committed in it was not made anew: then the reset is refused.
 *
 * Throws `FLG_NOT_DISPOSABLE`, `FLG_OPTION_INVALID`, `FLG_RESET_REFUSED`, what claiming a target throws, and what taking
 * the lock throws.
 */
export async function reset(
  engine: EngineContext,
  changes: StartParts['changes'],
  options: ResetOptions,
): Promise<ResetReport> {
  assertPerson('reset()', options, []);
  assertDisposable(engine, 'reset()');
  const first = await readNow(engine, changes);
  if (isNew(first.state)) return NOTHING;
  const turn = await takePersonsTurn(engine, first);
  let run: RunContext | undefined;
  const mayEnd = engine.time.keepAlive();
  try {
    for (;;) {
      const reading = await readUnderLock(engine, turn, changes);
      if (isNew(reading.state)) return NOTHING;
      run = await beginRun(engine, turn, reading, new Map(), 'cli');
      if (run !== undefined) return await beginEpoch(run, reading, options);
    }
  } finally {
    mayEnd();
    await endTurn(engine, turn, run?.tail);
  }
}

const NOTHING: ResetReport = { sequence: undefined, applied: [] };

/** A start begins anew by itself. */
function isNew({ changes, adoptions }: LedgerState): boolean {
  return changes.size === 0 && adoptions.size === 0;
}

async function beginEpoch(run: RunContext, reading: Reading, options: ResetOptions): Promise<ResetReport> {
  const { engine, tail } = run;
  await assertAnew(run, reading);
  const applied = [...reading.state.changes.values()]
    .filter(({ latest }) => isApplied(latest))
    .map(({ latest }) => latest.changeId);
  const { sequence } = await tail.append({ kind: 'epoch', applied, ...recordedPerson(engine, options) });
  engine.emit({ type: 'epoch-begun', sequence, applied });
  return { sequence, applied };
}

async function assertAnew(run: RunContext, reading: Reading): Promise<void> {
  const { targets } = run.engine;
  const kept: string[] = [];
  for (const [name, { transactions }] of Object.entries(targets)) {
    if (transactions === undefined || !usesFence(run.engine, reading, name)) continue;
    const { begun, applied } = await claimFence(run, name, transactions);
    if (begun > 0 || applied > 0) kept.push(name);
  }
  if (kept.length === 0) return;
  const [names, verb] = [kept.map((name) => `'${name}'`).join(', '), kept.length === 1 ? 'shows' : 'show'];
  throw new FlamingockError({
    code: 'FLG_RESET_REFUSED',
    message: `The fence of ${names} still ${verb} what was committed there, so it was not made anew; the epoch goes on.`,
    hint: 'Drop it as a whole, with the table flamingock_fence, create it empty, and repeat the reset. Where only one of several target systems was made anew, adopt that one instead: adopt(targetSystem, { actor, reason }).',
  });
}

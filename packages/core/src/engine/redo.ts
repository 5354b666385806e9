import { throwProblems } from '../errors.js';
import { isObject } from '../is-object.js';
import type { RedoOptions, RedoReport } from '../operations.js';
import { waitedSince } from '../time.js';
import { beginRun, counts, endTurn } from './begin-run.js';
import type { EngineContext } from './context.js';
import { assertDisposable } from './disposable.js';
import { assertPerson, recordedPerson, takePersonsTurn } from './person.js';
import { readUnderLock } from './read-under-lock.js';
import { assertRedoAsShown, type RedoSelection, selectRedo } from './redo-selection.js';
import type { RunContext } from './run-context.js';
import { runPending, type Work } from './run-pending.js';
import { type Reading, readNow } from './sequence.js';
import type { Turn } from './take-turn.js';
import { expectedProblems, undoAll, type UndoParts } from './undo.js';
import { assertExpected } from './undo-selection.js';
import { upTo } from './up-to.js';

/**
 * Undoes a change and those above it, and applies them again as they are declared now, with whatever is pending between
 * them. Both in one turn under the lock, each recorded as its own run: where the process dies in between, or a change
 * fails, what was undone is held, and the same redo goes on from there.
 *
 * Throws `FLG_NOT_DISPOSABLE`, and what an undo and a run throw.
 */
export async function redo(
  engine: EngineContext,
  parts: UndoParts,
  id: string,
  options: RedoOptions,
): Promise<RedoReport> {
  assertPerson('redo()', options, ['expected'], expectedProblems(isObject(options) ? options.expected : []));
  assertDisposable(engine, 'redo()');
  const began = engine.time.clocks();
  const first = await readNow(engine, parts.changes);
  const shown = selectRedo(engine, parts.changes, first, id);
  assertExpected(options.expected, shown);
  const touched = [...shown.applied, ...shown.interrupted, ...shown.pending];
  const bound = await parts.bind([...new Set(touched.map(({ change }) => change))]);
  const turn = await takePersonsTurn(engine, first);
  const turns = new Redo(engine, turn, parts, bound);
  const mayEnd = engine.time.keepAlive();
  try {
    const undone = await turns.undo(shown, options);
    const { applied } = await turns.apply(shown.until);
    return { undone, applied, durationMs: Math.round(waitedSince(engine.time, began)) };
  } finally {
    mayEnd();
    await endTurn(engine, turn, turns.run?.tail);
  }
}

/** The two runs of one turn. */
class Redo {
  readonly #engine: EngineContext;
  readonly #turn: Turn;
  readonly #parts: UndoParts;
  readonly #bound: RunContext['bound'];
  /** The later one, whose tail knows the end of the ledger. */
  run: RunContext | undefined;

  constructor(engine: EngineContext, turn: Turn, parts: UndoParts, bound: RunContext['bound']) {
    this.#engine = engine;
    this.#turn = turn;
    this.#parts = parts;
    this.#bound = bound;
  }

  async undo(shown: RedoSelection, options: RedoOptions): Promise<RedoReport['undone']> {
    for (;;) {
      const reading = await this.#read('start');
      const now = selectRedo(this.#engine, this.#parts.changes, reading, shown.lowest);
      assertRedoAsShown(shown, now);
      if (now.applied.length + now.interrupted.length === 0) return [];
      const run = await beginRun(this.#engine, this.#turn, reading, this.#bound, 'cli');
      if (run === undefined) continue;
      this.run = run;
      const person = recordedPerson(this.#engine, options);
      return (await undoAll(run, person, now, reading, () => this.#read('start'))).undone;
    }
  }

  async apply(until: string): Promise<Work> {
    const read = async (): Promise<Reading> => upTo(await this.#read('cli'), until);
    for (;;) {
      const reading = await read();
      throwProblems(reading.plan.problems);
      if (reading.plan.pending.length === 0) return { applied: [], settled: [] };
      // A run of its own: what the undo has recorded is a part of what it begins with.
      const run = await beginRun(this.#engine, this.#turn, reading, this.#bound, 'cli');
      if (run === undefined) continue;
      this.run = run;
      const { executionId } = run;
      this.#engine.emit({ type: 'run-started', executionId, ...counts(reading.plan) });
      return await runPending(run, reading, read);
    }
  }

  #read(by: RunContext['by']): Promise<Reading> {
    return readUnderLock(this.#engine, this.#turn, this.#parts.changes, by);
  }
}

import { FlamingockError, throwProblems } from '../errors.js';
import type { RunReport } from '../flamingock.js';
import { beginRun, counts, endTurn } from './begin-run.js';
import { waitedSince } from '../time.js';
import type { LedgerContent, LockRecord } from '../ledger/audit-store.js';
import { LedgerWatch, type Watching } from './ledger-watch.js';
import { takeTurn, type Turn } from './take-turn.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { Plan } from '../plan/plan.js';
import type { BoundChange } from '../dependencies/binding.js';
import type { EngineContext } from './context.js';
import { changeFailed, issueOpen } from '../report/failure.js';
import { assertMayApply, changesPending, type RunBy } from './may-apply.js';
import type { RunContext } from './run-context.js';
import { runPending, type Work } from './run-pending.js';
import { currentHolder, finalFailure, knownIssue, type Reading, readingOf } from './sequence.js';

/** What a start needs besides the engine. */
export interface StartParts {
  readonly mode: 'apply' | 'wait' | 'validate';
  readonly by: RunBy;
  /** The declared sequence, in order. */
  readonly changes: readonly AssignedChange[];
  /** Stands for everything of it that a plan looks at: see `declarationOf`. */
  readonly declaration: string;
  /** Resolves the dependencies of the given changes, or throws all problems together. */
  bind(changes: readonly AssignedChange[]): Promise<ReadonlyMap<string, BoundChange>>;
}

/**
 * Brings the sequence to its end: by finding that nothing is pending (one statement, no lock), by applying what
 * is pending under the lock, or by waiting for the instance that does. In the modes `wait` and `validate` it never takes
 * the lock, and writes nothing.
 */
export async function start(engine: EngineContext, parts: StartParts): Promise<RunReport> {
  const began = engine.time.clocks();
  const reading = (content: LedgerContent): Reading => readingOf(engine, parts.changes, content, parts.by);
  const report = (outcome: RunReport['outcome'], ahead: readonly string[], done?: Done): RunReport => {
    const { executionId, applied = [], settled = [] } = done ?? {};
    const total = parts.changes.length;
    const durationMs = Math.round(waitedSince(engine.time, began));
    engine.emit({
      type: 'run-finished',
      outcome,
      applied: applied.length,
      settled: settled.length,
      total,
      ahead,
      durationMs,
    });
    return { outcome, executionId, applied, settled, total, ahead, durationMs };
  };
  const content = await engine.access.read(engine.key, 0, parts.declaration);
  if (content.complete === true) return report('up-to-date', []);
  const first = reading(content);
  throwProblems(first.plan.problems);
  if (first.plan.pending.length === 0) return report('up-to-date', first.plan.ahead);
  if (parts.mode === 'validate') throw changesPending(first.plan, 'this instance only validates');

  await prepare(engine, first);
  let waited = first;
  const watching = {
    look: (content: LedgerContent): boolean => {
      waited = reading(content);
      failWithTheOthers(waited, first.plan.highestSequence);
      if (waited.plan.pending.length > 0) {
        if (parts.mode === 'apply') assertMayApply(parts.by, waited.plan.pending[0]?.change);
        return false;
      }
      // What the other release has applied may not be what this one declares.
      throwProblems(waited.plan.problems);
      return true;
    },
    onWait: (holder: LockRecord | undefined) => {
      engine.emit({ type: 'waiting', holder, ...counts(waited.plan) });
    },
  };
  if (parts.mode === 'wait') {
    watching.onWait(currentHolder(first.content));
    await waitForOthers(engine, first.content, watching, () => waited.plan);
    return report('waited', waited.plan.ahead);
  }
  assertMayApply(parts.by, first.plan.pending[0]?.change);
  const bound = await parts.bind(first.plan.pending.map((step) => step.change));
  // Only now: where something is refused, not even a table is left behind.
  if (!first.content.initialised) await engine.access.initialise();
  const turn = await takeTurn(engine, first.content, watching);
  if (turn === undefined) return report('waited', waited.plan.ahead);
  engine.emit({ type: 'lock-acquired', tookOverFrom: turn.tookOverFrom });
  const done = await underLock(engine, turn, parts, bound, first.plan.highestSequence);
  return report(done.executionId === undefined ? 'waited' : 'applied', done.reading.plan.ahead, done);
}

/** Waits without the lock until somebody else has applied everything. */
async function waitForOthers(
  engine: EngineContext,
  first: LedgerContent,
  watching: Pick<Watching, 'look' | 'onWait'>,
  plan: () => Plan,
): Promise<void> {
  const impatient = (): FlamingockError =>
    changesPending(plan(), `nobody has applied them within ${engine.lease.waitMs} ms`);
  const watch = new LedgerWatch(engine, first, { ...watching, impatient });
  while ((await watch.next()) !== 'done');
}

/** Everything that can be refused before the lock is taken. */
async function prepare(engine: EngineContext, first: Reading): Promise<void> {
  const issue = knownIssue(first.plan);
  if (issue?.latest !== undefined) throw issueOpen(issue.change, issue.latest, first.plan);
  if (first.content.initialised && first.content.entries.length === 0) await assertEnvironment(engine);
}

/** A typing error in the environment's name must not run production's sequence again. */
export async function assertEnvironment({ access, key, listedEnvironments }: EngineContext): Promise<void> {
  const known = await access.environments(key.service, key.tenant);
  if (known.length === 0 || known.includes(key.environment) || listedEnvironments.includes(key.environment))
    return;
  throw new FlamingockError({
    code: 'FLG_ENVIRONMENT_UNLISTED',
    message: `The environment '${key.environment}' of service '${key.service}' has no ledger here, but ${known.map((name) => `'${name}'`).join(', ')} has.`,
    hint: `If '${key.environment}' is meant, list it: environments: { '${key.environment}': {} }. Otherwise correct the name.`,
  });
}

function failWithTheOthers(reading: Reading, above: number): void {
  const failure = finalFailure(reading.content.entries, above, reading.plan);
  if (failure !== undefined) throw changeFailed(failure.step.change, failure.entry, reading.plan);
}

interface Done extends Work {
  /** `undefined` when another instance had applied everything by then. */
  readonly executionId: string | undefined;
  readonly reading: Reading;
}

/** The first plan is thrown away: what counts is read again under the lock. */
async function underLock(
  engine: EngineContext,
  turn: Turn,
  parts: StartParts,
  bound: ReadonlyMap<string, BoundChange>,
  above: number,
): Promise<Done> {
  const read = async (): Promise<Reading> =>
    readingOf(
      engine,
      parts.changes,
      await engine.access.bounded(() => turn.session.read(engine.key, 0)),
      parts.by,
    );
  let run: RunContext | undefined;
  let completeFor: string | undefined;
  // Nothing else may keep a process alive whose change waits for something that never comes; it would end as if all were well.
  const mayEnd = engine.time.keepAlive();
  try {
    for (;;) {
      const reading = await read();
      turn.lease.wrote(reading.state.highestSequence);
      throwProblems(reading.plan.problems);
      const completed = reading.plan.ahead.length === 0 ? parts.declaration : undefined;
      if (reading.plan.pending.length === 0) {
        completeFor = completed;
        return { executionId: undefined, reading, applied: [], settled: [] };
      }
      failWithTheOthers(reading, above);
      assertMayApply(parts.by, reading.plan.pending[0]?.change);
      run = await beginRun(engine, turn, reading, await rebind(parts, bound, reading), parts.by);
      if (run === undefined) continue;
      engine.emit({ type: 'run-started', executionId: run.executionId, ...counts(reading.plan) });
      const work = await runPending(run, reading, read);
      completeFor = completed;
      return { executionId: run.executionId, reading, ...work };
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

import { FlamingockError, throwProblems } from '../errors.js';
import { isObject } from '../is-object.js';
import { knownNames } from '../nearest.js';
import { unknownKeys } from '../known-keys.js';
import type { BoundChange } from '../dependencies/binding.js';
import type { VerifiedChange, VerifyOptions, VerifyReport } from '../operations.js';
import type { PlanStep } from '../plan/plan.js';
import { waitedSince } from '../time.js';
import { stopWhenClosing } from './closing.js';
import type { EngineContext } from './context.js';
import { lookAt } from './look.js';
import { referenceTo } from './run-context.js';
import { type Reading, readNow } from './sequence.js';
import { LONGEST_TIMER_MS } from '../validate-options.js';
import type { StartParts } from './start-parts.js';

const DEADLINE_MS = 600_000;
/** For one change, in milliseconds. */
export const CHANGE_DEADLINE_MS = 30_000;

/**
 * Looks at the applied changes that have a `verify`, in order and one after the other, and says which of them somebody has
 * taken back behind the application's back. Takes no lock and writes nothing.
 *
 * Throws `FLG_OPTION_INVALID`, `FLG_OPTION_UNKNOWN`, `FLG_TARGET_IDENTITY` and what a dependency cannot be resolved for,
 * before anything is asked; what a `verify` does wrong is told in the report.
 */
export async function verifyApplied(
  engine: EngineContext,
  parts: Pick<StartParts, 'changes' | 'bind'>,
  options: VerifyOptions,
): Promise<VerifyReport> {
  assertOptions(options);
  const began = engine.time.clocks();
  const read = (): Promise<Reading> => readNow(engine, parts.changes);
  const first = await read();
  throwProblems(first.plan.problems.filter(({ code }) => code === 'FLG_TARGET_IDENTITY'));
  const steps = chosen(first, options.changes);
  const bound = await parts.bind(steps.filter(mayAsk).map(({ change }) => change));
  const found = await lookAll(engine, steps, bound, options);
  const changes = found.some(hasDrifted) ? withoutChanged(found, first, await read()) : found;
  return {
    ok: changes.every(({ result }) => result === 'APPLIED' || result === 'NO_VERIFY' || result === 'CHANGED'),
    changes,
    drift: byTarget(changes.filter(hasDrifted)),
    durationMs: Math.round(waitedSince(engine.time, began)),
  };
}

async function lookAll(
  engine: EngineContext,
  steps: readonly PlanStep[],
  bound: ReadonlyMap<string, BoundChange>,
  { deadlineMs = DEADLINE_MS, changeDeadlineMs = CHANGE_DEADLINE_MS }: VerifyOptions,
): Promise<readonly VerifiedChange[]> {
  const over = new AbortController();
  const cancel = engine.time.after(deadlineMs, () => {
    over.abort(notReached(deadlineMs));
  });
  const found: VerifiedChange[] = [];
  try {
    for (const step of steps) {
      await engine.time.turn();
      stopWhenClosing(engine);
      const limits = { deadlineMs: changeDeadlineMs, signal: over.signal };
      const one = await look(engine, step, bound.get(step.change.id), limits);
      found.push(one);
      engine.emit({
        type: 'change-verified',
        change: referenceTo(step.change),
        result: one.result,
        done: found.length,
        total: steps.length,
      });
    }
    return found;
  } finally {
    cancel();
  }
}

async function look(
  engine: EngineContext,
  { change, latest, attempts }: PlanStep,
  bound: BoundChange | undefined,
  limits: Parameters<typeof lookAt>[3] & { readonly signal: AbortSignal },
): Promise<VerifiedChange> {
  const told = { ...referenceTo(change), durationMs: 0 };
  if (change.verify === undefined) return { ...told, result: 'NO_VERIFY' };
  // What another system holds now tells nothing of the one where it was applied.
  if (bound === undefined)
    return { ...told, result: 'FAILED', error: engine.redactor.record(moved(latest?.targetSystem)) };
  if (limits.signal.aborted)
    return { ...told, result: 'NOT_REACHED', error: engine.redactor.record(limits.signal.reason) };
  return lookAt(engine, bound, { attempt: attempts, of: 'execution' }, limits);
}

function chosen({ plan }: Reading, ids: readonly string[] | undefined): readonly PlanStep[] {
  const applied = plan.steps.filter(({ action }) => action === 'skip');
  if (ids === undefined) return applied;
  const unknown = ids.filter((id) => !applied.some(({ change }) => change.id === id));
  if (unknown.length === 0) return applied.filter(({ change }) => ids.includes(change.id));
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `No change ${unknown.map((id) => `'${id}'`).join(', ')} is declared and applied, so none can be verified.`,
    hint: knownNames(
      unknown[0] ?? '',
      applied.map(({ change }) => change.id),
    ),
  });
}

function mayAsk({ change, latest }: PlanStep): boolean {
  return change.verify !== undefined && latest?.targetSystem === change.targetSystem;
}

function hasDrifted({ result }: VerifiedChange): boolean {
  return result === 'NOT_APPLIED';
}

/** What a run or a person has done to a change meanwhile is no drift. */
function withoutChanged(
  found: readonly VerifiedChange[],
  before: Reading,
  after: Reading,
): readonly VerifiedChange[] {
  const sequence = ({ state }: Reading, id: string): number | undefined =>
    state.changes.get(id)?.latest.sequence;
  return found.map((one) =>
    hasDrifted(one) && sequence(before, one.id) !== sequence(after, one.id)
      ? { ...one, result: 'CHANGED' }
      : one,
  );
}

function byTarget(drifted: readonly VerifiedChange[]): Readonly<Record<string, readonly string[]>> {
  const targets = [...new Set(drifted.map(({ targetSystem }) => targetSystem))];
  return Object.fromEntries(
    targets.map((name) => [name, drifted.filter((one) => one.targetSystem === name).map(({ id }) => id)]),
  );
}

function assertOptions(options: VerifyOptions): void {
  if (!isObject(options)) throw invalid('the options must be an object');
  const { changes, deadlineMs, changeDeadlineMs } = options;
  const isList =
    changes === undefined || (Array.isArray(changes) && changes.every((id) => typeof id === 'string'));
  const wrong = [
    ...Object.entries({ deadlineMs, changeDeadlineMs })
      .filter(([, ms]) => ms !== undefined && !(typeof ms === 'number' && ms > 0 && ms <= LONGEST_TIMER_MS))
      .map(([name]) => `${name} must be a positive number of milliseconds`),
    ...(isList ? [] : ['changes must be a list of ids']),
  ];
  throwProblems([
    ...unknownKeys(options, ['deadlineMs', 'changeDeadlineMs', 'changes'], 'verify()'),
    ...(wrong.length === 0 ? [] : [invalid(wrong.join('; '))]),
  ]);
}

function invalid(why: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `verify(): ${why}.`,
    hint: 'Leave it out for the default: all applied changes.',
  });
}

function notReached(ms: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEADLINE',
    message: `The looks together did not end within ${ms} ms.`,
    hint: 'Give verify() more time, or look at fewer changes.',
  });
}

function moved(from: string | undefined): Error {
  return new Error(`it was applied at '${from}', where it is not aimed any more`);
}

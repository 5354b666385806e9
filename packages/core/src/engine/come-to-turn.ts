import { FlamingockError, throwProblems } from '../errors.js';
import type { RunReport } from '../run-report.js';
import type { BoundChange } from '../dependencies/binding.js';
import type { LockRecord } from '../ledger/audit-store.js';
import { type LedgerView, viewOf } from '../ledger/ledger-view.js';
import type { Plan } from '../plan/plan.js';
import { changeFailed, issueOpen } from '../report/failure.js';
import { counts } from './begin-run.js';
import type { EngineContext } from './context.js';
import { LedgerWatch, type Watching } from './ledger-watch.js';
import { assertMayApply, changesPending } from './may-apply.js';
import { refuseTogether } from './refuse-together.js';
import { currentHolder, finalFailure, knownIssue, type Reading, readingOf } from './sequence.js';
import type { StartParts } from './start-parts.js';
import { takeTurn, type Turn } from './take-turn.js';
import { upTo } from './up-to.js';

/** There is nothing to do for this instance any more. */
interface Ready {
  readonly outcome: Extract<RunReport['outcome'], 'up-to-date' | 'waited'>;
  readonly ahead: readonly string[];
}

/** This instance has the lock, and what it may have to apply is bound. */
interface MyTurn {
  readonly turn: Turn;
  readonly bound: ReadonlyMap<string, BoundChange>;
  /** The highest sequence of the reading that made the lock necessary. */
  readonly above: number;
}

/**
 * Reads the ledger, and goes as far as a start comes without writing: to the end where nothing is pending or another
 * instance applies it, or to the lock. The plan is thrown away with the return; under the lock another one is made.
 */
export async function comeToTurn(engine: EngineContext, parts: StartParts): Promise<Ready | MyTurn> {
  const reading = (view: LedgerView): Reading =>
    upTo(readingOf(engine, parts.changes, view, parts.by), parts.until);
  if (parts.problems !== undefined && parts.problems.length > 0)
    await refuseDeclaration(engine, parts.problems, parts, reading);
  const view = await readFirst(engine, parts.declaration);
  if (view === 'complete') return { outcome: 'up-to-date', ahead: [] };
  const first = reading(view);
  await refuseTogether(first.plan.problems, first.plan, parts);
  if (first.plan.pending.length === 0) return { outcome: 'up-to-date', ahead: first.plan.ahead };
  if (parts.mode === 'validate') throw changesPending(first.plan, 'this instance only validates');

  await prepare(engine, first);
  let waited = first;
  const watching = {
    waitMs: parts.waitMs,
    look: (view: LedgerView): boolean => {
      waited = reading(view);
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
    watching.onWait(currentHolder(first));
    await waitForOthers(engine, first, watching, () => waited.plan);
    return { outcome: 'waited', ahead: waited.plan.ahead };
  }
  assertMayApply(parts.by, first.plan.pending[0]?.change);
  const bound = await parts.bind(first.plan.pending.map((step) => step.change));
  // Only now: where something is refused, not even a table is left behind.
  if (!first.initialised) await engine.access.initialise();
  const turn = await takeTurn(engine, first, watching);
  if (turn === undefined) return { outcome: 'waited', ahead: waited.plan.ahead };
  return { turn, bound, above: first.plan.highestSequence };
}

/** Throws the problems, with what the ledger and the dependencies of the other changes have to say, where they can be asked. */
async function refuseDeclaration(
  engine: EngineContext,
  problems: readonly FlamingockError[],
  parts: StartParts,
  reading: (view: LedgerView) => Reading,
): Promise<void> {
  const view = await readFirst(engine).catch(() => undefined);
  if (view === undefined || view === 'complete') throwProblems(problems);
  else {
    const { plan } = reading(view);
    // A change that could not be read is unknown for that reason alone.
    const others = plan.problems.filter(({ code }) => code !== 'FLG_CHANGE_UNKNOWN');
    await refuseTogether([...problems, ...others], plan, parts);
  }
}

/** Keeps no entry beyond the reading: there may be many, and they would take memory while changes run. */
async function readFirst(
  { access, key }: EngineContext,
  declaration?: string,
): Promise<LedgerView | 'complete'> {
  const content = await access.read(key, 0, declaration);
  return content.complete === true ? 'complete' : viewOf(content);
}

/** Waits without the lock until somebody else has applied everything. */
async function waitForOthers(
  engine: EngineContext,
  first: LedgerView,
  watching: Pick<Watching, 'look' | 'onWait'>,
  plan: () => Plan,
): Promise<void> {
  const impatient = (): FlamingockError =>
    changesPending(plan(), `nobody has applied them within ${engine.lease.waitMs} ms`);
  const watch = new LedgerWatch(engine, first.state, { ...watching, impatient });
  while ((await watch.next()) !== 'done');
}

/** Everything that can be refused before the lock is taken. */
async function prepare(engine: EngineContext, first: Reading): Promise<void> {
  const issue = knownIssue(first.plan);
  if (issue?.latest !== undefined) throw issueOpen(issue.change, issue.latest, first.plan);
  await assertEnvironment(engine, first);
}

/** A typing error in the environment's name must not run production's sequence again. */
export async function assertEnvironment(
  { access, key, listedEnvironments }: EngineContext,
  { initialised, state }: LedgerView,
): Promise<void> {
  if (!initialised || state.highestSequence > 0) return;
  const known = await access.environments(key.service, key.tenant);
  if (known.length === 0 || known.includes(key.environment) || listedEnvironments.includes(key.environment))
    return;
  throw new FlamingockError({
    code: 'FLG_ENVIRONMENT_UNLISTED',
    message: `The environment '${key.environment}' of service '${key.service}'${key.tenant === '' ? '' : ` (tenant '${key.tenant}')`} has no ledger here, but ${known.map((name) => `'${name}'`).join(', ')} has.`,
    hint: `If '${key.environment}' is meant, list it: environments: { '${key.environment}': {} }. Otherwise correct the name.`,
  });
}

/** Throws `FLG_CHANGE_FAILED` or `FLG_ISSUE_OPEN` where a run that this instance has waited for came to its end that way. */
export function failWithTheOthers(reading: Reading, above: number): void {
  const failure = finalFailure(reading.plan, above);
  if (failure !== undefined) throw changeFailed(failure.step.change, failure.entry, reading.plan);
}

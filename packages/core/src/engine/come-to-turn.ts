import { FlamingockError, throwProblems } from '../errors.js';
import type { RunReport } from '../run-report.js';
import type { BoundChange } from '../dependencies/binding.js';
import type { LedgerContent, LockRecord } from '../ledger/audit-store.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { Plan } from '../plan/plan.js';
import { changeFailed, issueOpen } from '../report/failure.js';
import { counts } from './begin-run.js';
import type { EngineContext } from './context.js';
import { LedgerWatch, type Watching } from './ledger-watch.js';
import { assertMayApply, changesPending, type RunBy } from './may-apply.js';
import { currentHolder, finalFailure, knownIssue, type Reading, readingOf } from './sequence.js';
import { takeTurn, type Turn } from './take-turn.js';

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
 * instance applies it, or to the lock. What was read is thrown away with the return; under the lock all is read again.
 */
export async function comeToTurn(engine: EngineContext, parts: StartParts): Promise<Ready | MyTurn> {
  const reading = (content: LedgerContent): Reading => readingOf(engine, parts.changes, content, parts.by);
  const content = await engine.access.read(engine.key, 0, parts.declaration);
  if (content.complete === true) return { outcome: 'up-to-date', ahead: [] };
  const first = reading(content);
  throwProblems(first.plan.problems);
  if (first.plan.pending.length === 0) return { outcome: 'up-to-date', ahead: first.plan.ahead };
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
    return { outcome: 'waited', ahead: waited.plan.ahead };
  }
  assertMayApply(parts.by, first.plan.pending[0]?.change);
  const bound = await parts.bind(first.plan.pending.map((step) => step.change));
  // Only now: where something is refused, not even a table is left behind.
  if (!first.content.initialised) await engine.access.initialise();
  const turn = await takeTurn(engine, first.content, watching);
  if (turn === undefined) return { outcome: 'waited', ahead: waited.plan.ahead };
  return { turn, bound, above: first.plan.highestSequence };
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

/** Throws `FLG_CHANGE_FAILED` or `FLG_ISSUE_OPEN` where a run that this instance has waited for came to its end that way. */
export function failWithTheOthers(reading: Reading, above: number): void {
  const failure = finalFailure(reading.content.entries, above, reading.plan);
  if (failure !== undefined) throw changeFailed(failure.step.change, failure.entry, reading.plan);
}

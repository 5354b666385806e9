import { displayName } from '../change/change.js';
import type { EngineContext } from '../engine/context.js';
import type { FlamingockError } from '../errors.js';
import type { LedgerContent } from '../ledger/audit-store.js';
import { viewOf } from '../ledger/ledger-view.js';
import { isIssue } from '../plan/issue.js';
import { makePlan, type PlanStep } from '../plan/plan.js';
import { type Declared, UNNAMED } from './desk-context.js';
import { factsOf, type LedgerFacts, type RecordedFact } from './ledger-facts.js';

/**
 * Where a change stands. `applied`; `pending`: a start applies it; `reserved`: pending, and only the command line applies
 * it; `running`: somebody holds the lock and is at it; `interrupted`: the next start finds out what became of it;
 * `blocked`: only a person can tell; `held`: it was undone; `restricted`: it runs in other environments; `ahead`: applied,
 * and not known to this release.
 */
export type Standing =
  | 'applied'
  | 'pending'
  | 'reserved'
  | 'running'
  | 'interrupted'
  | 'blocked'
  | 'held'
  | 'restricted'
  | 'ahead';

/** One change, declared or recorded. */
export interface DeskChange extends Partial<Omit<RecordedFact, 'id' | 'displayName'>> {
  readonly id: string;
  readonly displayName: string;
  readonly standing: Standing;
}

/** Where a service stands in an environment. */
export interface DeskStatus extends Pick<
  LedgerFacts,
  'key' | 'now' | 'lock' | 'highestSequence' | 'lastRun' | 'epoch'
> {
  /** In their order: the declared ones, and what the ledger knows beside them. */
  readonly changes: readonly DeskChange[];
  /** `false`: what is pending is not known, and `changes` holds what the ledger knows. */
  readonly declared: boolean;
  /** Why it is not known what is declared, where that was asked for. */
  readonly unknownBecause: FlamingockError | undefined;
  /** Why a start would refuse to begin. */
  readonly problems: readonly FlamingockError[];
}

/** Holds what is declared against a whole reading of the ledger. */
export function statusOf(engine: EngineContext, declared: Declared, content: LedgerContent): DeskStatus {
  const facts = factsOf(engine.key, content);
  const { key, now, lock, highestSequence, lastRun, epoch } = facts;
  const common = { key, now, lock, highestSequence, lastRun, epoch, unknownBecause: declared.problem };
  const held = lock !== undefined && lock.expiresAt > now;
  if (declared.changes === undefined)
    return { ...common, declared: false, problems: [], changes: recorded(facts, held) };
  const { state } = viewOf(content);
  // Which systems the targets are is not known here, so it is not held against what is recorded.
  const plan = makePlan(
    declared.changes,
    { ...state, identities: new Map() },
    {},
    {
      outOfOrder: engine.outOfOrder,
      appliesHeld: false,
    },
  );
  const ahead = new Set(plan.ahead);
  return {
    ...common,
    declared: true,
    problems: plan.problems,
    changes: [
      ...plan.steps.map((step) => declaredChange(step, held)),
      ...facts.applied
        .filter(({ id }) => ahead.has(id))
        .map((fact): DeskChange => ({ ...fact, standing: 'ahead' })),
    ],
  };
}

function declaredChange({ change, action, latest }: PlanStep, held: boolean): DeskChange {
  const targetSystem = latest?.targetSystem ?? change.targetSystem;
  return {
    id: change.id,
    displayName: displayName(change),
    standing: standingOf({ change, action, latest }, held),
    ...(targetSystem === UNNAMED ? {} : { targetSystem }),
    ...(latest === undefined
      ? {}
      : { state: latest.state, proof: latest.proof, at: latest.at, error: latest.error }),
  };
}

function standingOf({ change, action, latest }: Omit<PlanStep, 'attempts'>, held: boolean): Standing {
  const pending = change.runBy === 'cli' ? 'reserved' : 'pending';
  switch (action) {
    case 'apply':
      return pending;
    case 'skip':
      return 'applied';
    case 'held':
    case 'restricted':
      return action;
    case 'settle':
      if (latest?.state === 'STARTED') return held ? 'running' : 'interrupted';
      return latest !== undefined && isIssue(change, latest) ? 'blocked' : pending;
  }
}

/** Without the code, an applied change is known to be applied, and what is pending is not known at all. */
function recorded(
  { applied, blocked, running, failed, undone }: LedgerFacts,
  held: boolean,
): readonly DeskChange[] {
  const as =
    (standing: Standing) =>
    (fact: RecordedFact): DeskChange => ({ ...fact, standing });
  return [
    ...applied.map(as('applied')),
    ...blocked.map(as('blocked')),
    ...running.map(as(held ? 'running' : 'interrupted')),
    ...failed.map(as('pending')),
    ...undone.map(as('held')),
  ];
}

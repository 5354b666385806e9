import { displayName } from '../change/change.js';
import type { ChangeEntry } from '../ledger/entry.js';
import type { Issue, Resolution, VerifiedChange } from '../operations.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { isIssue } from '../plan/issue.js';
import type { Target } from '../target/target.js';
import type { Reading } from './sequence.js';

/**
 * The changes of a reading whose outcome only a person can tell, with what a person needs to decide. While a change is
 * `STARTED` it may still be executed and is no issue yet; the next run settles it or makes it one.
 *
 * @param targets `undefined` where only the ledger is at hand
 * @param isDeclared tells whether the code of a change is at hand
 */
export function issuesOf(
  reading: Reading,
  targets: Readonly<Record<string, Target>> | undefined,
  isDeclared: (changeId: string) => boolean = () => true,
): readonly Issue[] {
  return reading.plan.steps.flatMap(({ change, action, latest }) => {
    if (action !== 'settle' || latest === undefined || !isIssue(change, latest)) return [];
    const known = { target: targets?.[latest.targetSystem], targets, declared: isDeclared(change.id) };
    const ran = reading.state.changes.get(change.id)?.started ?? latest;
    return [issueFor(change, latest, ran, known)];
  });
}

/** What is at hand beside the ledger. */
interface Known {
  readonly target: Target | undefined;
  readonly targets: Readonly<Record<string, Target>> | undefined;
  /** `false`: the code of the change is not. */
  readonly declared: boolean;
}

/** The issue with what `verify` answered when it was asked just now. */
export function withVerdict(issue: Issue, verified: VerifiedChange): Issue {
  return { ...issue, verified, nextSteps: issue.nextSteps.filter((step) => !step.startsWith(ASK_VERIFY)) };
}

const ASK_VERIFY = 'Ask its verify';

/** @param ran the beginning of what the issue is about: the issue itself may have been recorded by whoever came next */
function issueFor(change: AssignedChange, latest: ChangeEntry, ran: ChangeEntry, known: Known): Issue {
  const of = latest.kind === 'undo' ? 'undo' : 'execution';
  const { targetSystem, targetIdentity, strategy, recovery, state, sequence } = latest;
  return {
    changeId: change.id,
    displayName: displayName(change),
    source: change.source,
    of,
    sequence,
    targetSystem,
    ...(targetIdentity === undefined ? {} : { targetIdentity }),
    strategy,
    recovery,
    state,
    since: latest.at,
    attempt: latest.attempt,
    host: ran.host,
    processId: ran.processId,
    error: latest.error,
    missingProof: missingProof(change, latest, known),
    leadsTo: LEADS_TO[of],
    nextSteps: nextSteps(change, latest),
  };
}

const LEADS_TO: Readonly<Record<Issue['of'], Readonly<Record<Resolution['as'], string>>>> = {
  execution: {
    APPLIED: 'It counts as applied and never runs again; the next start goes on with the change after it.',
    ROLLED_BACK: 'It counts as if nothing of it had happened; the next start applies it again.',
  },
  undo: {
    APPLIED: 'It counts as applied, as before the undo; the next start goes on after it.',
    ROLLED_BACK: 'It counts as undone and is held: starts fail until a person applies it again.',
  },
};

function missingProof(change: AssignedChange, latest: ChangeEntry, known: Known): readonly string[] {
  const interrupted = latest.error?.name === 'Interrupted';
  const doubted = latest.error?.name === 'Adopted';
  return [
    ...(interrupted ? ['the process that ran it ended before it recorded an outcome'] : []),
    ...(doubted
      ? [`'${latest.targetSystem}' was adopted since, and what the ledger says of it may not hold there`]
      : [...bySystem(latest, known, interrupted)]),
    ...(known.declared
      ? byMethods(change, latest, doubted)
      : ['nobody has asked its code, which is not at hand']),
  ];
}

/** Why nothing in the code of the change proves it. */
function byMethods(change: AssignedChange, latest: ChangeEntry, doubted: boolean): readonly string[] {
  return [
    change.verify === undefined ? 'it has no verify' : 'its verify could not tell',
    ...(latest.kind === 'undo' || doubted ? [] : byRollback(change, latest)),
  ];
}

/** Why the target system itself proves nothing. */
function bySystem(latest: ChangeEntry, { target, targets }: Known, interrupted: boolean): readonly string[] {
  if (latest.strategy !== 'NON_TX')
    return [
      'it ended its transaction by itself, or was interrupted in one, so a part of it may be committed',
    ];
  const outside = `it acts on '${latest.targetSystem}' outside of a transaction`;
  if (interrupted) return [outside];
  if (targets === undefined) return [outside, 'what was sent there may have had an effect'];
  return [
    outside,
    target?.evidence === undefined
      ? 'nobody watches what is sent there'
      : 'what was sent there may have had an effect, or it uses clients that nobody watches',
  ];
}

function byRollback(change: AssignedChange, { state }: ChangeEntry): readonly string[] {
  if (state === 'ROLLBACK_FAILED') return ['its rollback failed too'];
  return [
    change.rollback === undefined
      ? 'it has no rollback'
      : 'its rollback did not run, because the change might still have been under way',
  ];
}

function nextSteps(
  change: AssignedChange,
  { targetSystem, targetIdentity, sequence }: ChangeEntry,
): readonly string[] {
  const where = targetIdentity === undefined ? `'${targetSystem}'` : `'${targetSystem}' (${targetIdentity})`;
  const command = (as: Resolution['as']): string =>
    `flamingock issue resolve ${change.id} --as ${as} --expected ${sequence} --actor <who you are> --reason <what you found>`;
  return [
    `Look at ${where}: does it hold what ${displayName(change)} (${change.source}) does?`,
    ...(change.verify === undefined
      ? []
      : [
          `${ASK_VERIFY}: flamingock issue show ${change.id} --verify, or issue('${change.id}', { verify: true })`,
        ]),
    `If it holds all of it: ${command('APPLIED')}`,
    `If it holds nothing of it: ${command('ROLLED_BACK')}`,
    'If it holds a part of it: complete it there or take it back by hand, and then say which.',
    `In code: flamingock.resolve('${change.id}', { as, actor, reason, expected: ${sequence} })`,
  ];
}

import { displayName } from '../change/change.js';
import { FlamingockError } from '../errors.js';
import type { ChangeEntry, Proof, RecordedError } from '../ledger/entry.js';
import { isIssue } from '../plan/issue.js';
import { place, type AssignedChange } from '../plan/assign-target.js';
import type { UndoneChange } from '../operations.js';
import type { Plan } from '../plan/plan.js';

const PROOF_MEANS: Readonly<Record<Exclude<Proof, 'none' | 'verify'>, string>> = {
  transaction: 'its transaction was rolled back',
  fence: 'the fence of the target system shows that nothing was committed',
  'not-sent': 'nothing was sent to the target system',
  rejected: 'the target system, or the change itself, says that it had no effect',
  rollback: 'its rollback succeeded',
  person: 'a person said so',
};

/**
 * The error of a start that stops at a failed change: what is applied, what failed and why, what state that
 * leaves, and what to do.
 *
 * @param entry the recorded outcome
 * @param plan the sequence as it stands after the failure
 */
export function changeFailed(change: AssignedChange, entry: ChangeEntry, plan: Plan): FlamingockError {
  if (isIssue(change, entry)) return issueOpen(change, entry, plan);
  return new FlamingockError({
    code: 'FLG_CHANGE_FAILED',
    message: [
      headline(change, entry),
      ...situation(change, plan),
      `  state:   ${stateLeft(change, entry)}`,
    ].join('\n'),
    hint: `Remove the cause and start again: the next start goes on with ${displayName(change)} and repeats nothing before it.`,
  });
}

/** The error of a start that stops at a change whose outcome nothing proves. */
export function issueOpen(change: AssignedChange, entry: ChangeEntry, plan: Plan): FlamingockError {
  const record = `record what you found: \`flamingock issue show ${change.id}\` tells how; in code it is flamingock.resolve('${change.id}', { as: 'APPLIED' or 'ROLLED_BACK', actor, reason }).`;
  return new FlamingockError({
    code: 'FLG_ISSUE_OPEN',
    message: [
      headline(change, entry),
      ...situation(change, plan),
      `  state:   unknown: nothing proves whether '${change.targetSystem}' holds it, so it is not repeated.`,
    ].join('\n'),
    hint:
      change.verify === undefined
        ? `Look at '${change.targetSystem}', then ${record} Every start stops here until then.`
        : `Start again once '${change.targetSystem}' can be asked: its verify is asked first, and where that can tell the start goes on. Where it cannot, look yourself and ${record}`,
  });
}

/** The error of an undo whose rollback failed without having taken anything back. */
export function undoFailed(
  change: AssignedChange,
  entry: ChangeEntry,
  undone: readonly UndoneChange[],
): FlamingockError {
  const before = undone.map(({ displayName: name }) => name).join(', ');
  return new FlamingockError({
    code: 'FLG_UNDO_FAILED',
    message: [
      headline(change, entry),
      `  undone:  ${before === '' ? 'nothing' : before}`,
      `  state:   '${change.targetSystem}' still holds all of it: ${entry.proof === 'none' || entry.proof === 'verify' ? 'its verify found it' : PROOF_MEANS[entry.proof]}.`,
    ].join('\n'),
    hint: 'Remove the cause and undo again: it goes on with this change.',
  });
}

function headline(change: AssignedChange, entry: ChangeEntry): string {
  const what = entry.kind === 'undo' ? `The undo of ${place(change)}` : place(change);
  // Its entry was written by whoever came next; the error names who ran it.
  if (entry.error?.name === 'Interrupted')
    return `${what} was interrupted at '${change.targetSystem}'.${reason(entry.error)}`;
  return `${what} failed at '${change.targetSystem}' on ${entry.host} (process ${entry.processId}).${reason(entry.error)}`;
}

function reason(error: RecordedError | undefined): string {
  if (error === undefined) return '';
  const code = error.code === undefined || error.message.includes(error.code) ? '' : ` (${error.code})`;
  const at = error.at === undefined ? '' : `\n           at ${error.at}`;
  return `\n  why:     ${error.name}: ${error.message}${code}${at}`;
}

function situation(change: AssignedChange, plan: Plan): string[] {
  const applied = plan.steps.filter((step) => step.action === 'skip').map((step) => displayName(step.change));
  const waiting = plan.pending
    .filter((step) => step.change.id !== change.id)
    .map((step) => displayName(step.change));
  return [
    `  applied: ${applied.length === 0 ? 'nothing' : applied.join(', ')}`,
    ...(waiting.length === 0 ? [] : [`  not run: ${waiting.join(', ')}`]),
  ];
}

function stateLeft(change: AssignedChange, entry: ChangeEntry): string {
  if (entry.proof === 'none' && change.resumable)
    return 'done as far as it has saved a checkpoint: the next start goes on from there.';
  if (entry.proof === 'none')
    return `unknown, but its recovery strategy is ${change.recovery}: the next start applies it again.`;
  // A part of it may be there: then its verify says that applying it again completes it.
  if (entry.proof === 'verify')
    return `'${change.targetSystem}' does not hold it, says its verify: the next start applies it again.`;
  return `'${change.targetSystem}' holds nothing of it: ${PROOF_MEANS[entry.proof]}.`;
}

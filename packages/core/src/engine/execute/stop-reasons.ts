import { type Change, displayName } from '../../change/change.js';
import { FlamingockError } from '../../errors.js';

type Named = Pick<Change, 'order' | 'name'>;

/** One attempt has taken too long. */
export function changeDeadline(change: Named, deadlineMs: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEADLINE',
    message: `${displayName(change)} took longer than its deadline of ${deadlineMs} ms allows.`,
    hint: 'Find out what it waited for; give it a longer deadlineMs, or split it.',
  });
}

/** The whole run has taken too long. */
export function runDeadline(runDeadlineMs: number, change: Named): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEADLINE',
    message: `The run took longer than its deadline of ${runDeadlineMs} ms allows; it had come to ${displayName(change)}.`,
    hint: 'Start again: the next start goes on where this one stopped. A longer time is set by runDeadlineMs.',
  });
}

/** A shutdown came meanwhile, and its grace period is over. */
export function closedMeanwhile(change: Named): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CLOSED',
    message: `The instance was closed while ${displayName(change)} was running.`,
    hint: 'Start again: the next start finds out what is applied and goes on from there.',
  });
}

/**
 * Why a change that was told to stop has failed.
 *
 * @param how what it threw then, or how long it ignored it
 */
export function stopped(
  reason: FlamingockError,
  how: { readonly cause: unknown } | { readonly ignoredMs: number },
): FlamingockError {
  const [message = ''] = reason.message.slice(reason.code.length + 2).split('\n  -> ');
  return new FlamingockError({
    code: reason.code,
    message:
      'cause' in how
        ? message
        : `${message} It ignored for ${how.ignoredMs} ms that it was told to stop, and was given up.`,
    hint: reason.hint,
    ...('cause' in how ? { cause: how.cause } : {}),
  });
}

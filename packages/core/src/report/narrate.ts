import type { Progress } from '../change/change-context.js';
import type { FlamingockEvent } from '../events.js';
import type { LockRecord } from '../ledger/audit-store.js';
import type { Logger } from '../logger.js';

/** Tells people what happens: one line per change as it happens, and a summary. */
export function narrate(event: FlamingockEvent, logger: Logger): void {
  switch (event.type) {
    case 'run-started':
      logger.info(`${counted(event.pending)} to apply`);
      return;
    case 'waiting':
      logger.info(`waiting for ${holderName(event.holder)}: ${counted(event.pending)} pending`);
      return;
    case 'lock-acquired':
      if (event.tookOverFrom !== undefined)
        logger.warn('took over the lock of an instance whose lease has expired');
      return;
    case 'change-started':
      if (event.attempt > 1) logger.info(`… ${label(event.change)}  attempt ${event.attempt}`);
      return;
    case 'change-applied':
      logger.info(`✔ ${label(event.change)}  applied  ${event.durationMs} ms`);
      return;
    case 'undo-started':
      logger.info(`… ${label(event.change)}  is being undone`);
      return;
    case 'change-undone':
      logger.info(`↩ ${label(event.change)}  undone  ${event.durationMs} ms`);
      return;
    case 'target-adopted':
      logger.warn(
        `the target system '${event.targetSystem}' was adopted (${event.found}); in doubt: ${event.inDoubt.join(', ') || 'no change'}`,
      );
      return;
    case 'epoch-begun':
      logger.warn(
        `a new epoch of the ledger begins with entry ${event.sequence}: ${counted(event.applied.length)} applied until then, which count no more`,
      );
      return;
    case 'change-verified':
      if (event.result === 'APPLIED' || event.result === 'NO_VERIFY') return;
      logger.warn(`! ${label(event.change)}  verify: ${event.result}  (${event.done} of ${event.total})`);
      return;
    case 'change-settled':
      logger.warn(
        `↺ ${label(event.change)}  what was interrupted was settled: ${event.state} (proof: ${event.proof})`,
      );
      return;
    case 'change-skipped':
      logger.info(`– ${label(event.change)}  skipped: it runs in ${event.environments.join(', ')}`);
      return;
    case 'change-progress':
      return;
    case 'change-running':
      logger.info(
        `… ${label(event.change)}  still running, ${spent(event.runningMs)}${soFar(event.progress)}`,
      );
      return;
    case 'event-loop-blocked':
      logger.warn(
        `the event loop was blocked for ${spent(event.blockedMs)} by ${event.change.displayName}: by synchronous code, unless the process was stopped`,
      );
      return;
    case 'change-aborting':
      logger.warn(
        `… ${label(event.change)}  told to stop (${event.code}); it has ${spent(event.graceMs)} to do so`,
      );
      return;
    case 'change-ignored-abort':
      logger.error(
        `${event.change.displayName} ignored for ${spent(event.graceMs)} that it was told to stop (${event.code}); nobody waits for it any more`,
      );
      return;
    case 'change-failed':
      if (event.retryMs !== undefined) {
        logger.warn(
          `… ${label(event.change)}  ${event.state} (proof: ${event.proof})  ${event.error.message}; tried again in ${spent(event.retryMs)}`,
        );
        return;
      }
      logger.error(
        `✘ ${label(event.change)}  ${event.state} (proof: ${event.proof})  ${event.durationMs} ms`,
      );
      return;
    case 'run-finished':
      logger.info(summary(event));
      if (event.ahead.length > 0)
        logger.warn(`the ledger is ahead of this release, which does not know: ${event.ahead.join(', ')}`);
  }
}

function summary(event: Extract<FlamingockEvent, { type: 'run-finished' }>): string {
  switch (event.outcome) {
    case 'up-to-date':
      return `nothing to apply: ${counted(event.total)} applied already`;
    case 'off':
      return 'switched off: nothing was looked at, and nothing was applied';
    case 'waited':
      return `nothing left to apply: another instance has applied what was pending (${counted(event.total)} in all, waited ${event.durationMs} ms)`;
    case 'applied':
      if (event.applied === 0)
        return `nothing left to apply: ${counted(event.settled)} found applied (${event.total} in all)`;
      return `${counted(event.applied)} applied in ${event.durationMs} ms (${event.total} in all)`;
  }
}

function soFar(progress: Progress | undefined): string {
  if (progress === undefined) return '';
  const { done, total, note } = progress;
  const of = total === undefined ? '' : ` of ${total}`;
  return `: ${done}${of}${note === undefined ? '' : ` (${note})`}`;
}

/** A time for people: `350 ms`, `40 s`, `12 min`. */
function spent(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

function label(change: { readonly displayName: string; readonly targetSystem: string }): string {
  return `${change.displayName.padEnd(36)}  ${change.targetSystem.padEnd(16)}`;
}

function holderName(holder: LockRecord | undefined): string {
  if (holder === undefined) return 'another instance to apply them';
  return `process ${holder.processId} on ${holder.host}, which has the lock since ${new Date(holder.acquiredAt).toISOString()}`;
}

function counted(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}

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
    case 'change-settled':
      logger.warn(
        `↺ ${label(event.change)}  an interrupted execution was settled: ${event.state} (proof: ${event.proof})`,
      );
      return;
    case 'change-skipped':
      logger.info(`– ${label(event.change)}  skipped: it runs in ${event.environments.join(', ')}`);
      return;
    case 'change-failed':
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

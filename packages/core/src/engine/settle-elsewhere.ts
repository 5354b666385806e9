import type { ChangeEntry, RecordedError } from '../ledger/entry.js';
import { type Fence, shownByFence } from './fences.js';
import type { ChangeEntryParts } from './ledger-tail.js';
import type { RunContext } from './run-context.js';

/**
 * The error of an execution or undo of which nothing proves what became of it. It names who ran it: the entry that holds
 * it is written by whoever came next.
 */
export function interruptedError({ processId, host }: ChangeEntry): RecordedError {
  return {
    name: 'Interrupted',
    message: `process ${processId} on ${host} ended before it recorded an outcome`,
  };
}

/**
 * Settles by the fence what was interrupted at a claimed target, and is not this instance's to settle: a change that only
 * another release declares, or that does not run here by now. The next commit at the target overwrites what its fence shows
 * of it, and whoever declares the change would take it for one that was never applied.
 *
 * @param own ids of the changes that are settled in full
 * @returns whether anything was settled
 */
export async function settleElsewhere(
  run: RunContext,
  own: ReadonlySet<string>,
  fences: ReadonlyMap<string, Fence>,
): Promise<boolean> {
  let found = false;
  for (const { latest } of run.ledger.changes.values()) {
    const fence = fences.get(latest.targetSystem);
    if (own.has(latest.changeId) || fence === undefined) continue;
    if (latest.state !== 'STARTED' || latest.strategy !== 'TX_SEPARATE') continue;
    const outcome = outcomeOf(latest, fence);
    await run.tail.append({ ...aboutChange(latest), ...outcome });
    run.engine.logger.warn(
      `${latest.name} was interrupted at '${latest.targetSystem}', and is not this run's to apply: ${outcome.state} (proof: ${outcome.proof})`,
    );
    found = true;
  }
  return found;
}

function outcomeOf(open: ChangeEntry, fence: Fence): Pick<ChangeEntry, 'state' | 'proof' | 'error'> {
  const isUndo = open.kind === 'undo';
  switch (shownByFence(open, fence)) {
    case 'done':
      return { state: isUndo ? 'UNDONE' : 'APPLIED', proof: 'fence' };
    case 'not-done':
      return { state: isUndo ? 'APPLIED' : 'FAILED', proof: 'fence' };
    case undefined:
      return { state: 'FAILED', proof: 'none', error: interruptedError(open) };
  }
}

/** What an entry says of its change, without what it says of itself and of who has written it. */
export function aboutChange(entry: ChangeEntry): Omit<ChangeEntryParts, 'state' | 'proof' | 'error'> {
  const { kind, changeId, order, name, author, targetSystem, targetIdentity, strategy, recovery } = entry;
  const { attempt, source, checksum, revision, actor, reason } = entry;
  const optional = { author, targetIdentity, checksum, revision, actor, reason };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    ...{ kind, changeId, order, name, targetSystem, strategy, recovery, attempt, source },
    ...Object.fromEntries(given),
  };
}

import { FlamingockError } from '../errors.js';
import type { AssignedChange } from '../plan/assign-target.js';
import { waitedSince } from '../time.js';
import type { EngineContext } from './context.js';
import { runDeadline } from './execute/stop-reasons.js';
import type { RunContext } from './run-context.js';

/** Throws `FLG_CLOSED` once the engine is being closed: nothing new begins. */
export function stopWhenClosing({ closing }: EngineContext): void {
  if (closing.aborted) throw closedBeforeEnd();
}

/** As {@link stopWhenClosing}; throws `FLG_DEADLINE` where the time of the run is over. */
export function stopWhenOver({ engine, began }: RunContext, next: AssignedChange): void {
  stopWhenClosing(engine);
  const { runDeadlineMs } = engine.limits;
  // Timers fire up to a millisecond early: the run whose change was just stopped by its deadline is over.
  if (runDeadlineMs !== undefined && leftOfRunMs({ engine, began }) < 1)
    throw runDeadline(runDeadlineMs, next);
}

/** What is left of the time of a run, in milliseconds; less than nothing once it is over. */
export function leftOfRunMs({ engine, began }: Pick<RunContext, 'engine' | 'began'>): number {
  const { runDeadlineMs = Infinity } = engine.limits;
  return runDeadlineMs - waitedSince(engine.time, began);
}

/** The engine is being closed, and something is still pending. */
export function closedBeforeEnd(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CLOSED',
    message: 'The instance was closed before its sequence was complete.',
    hint: 'Start again: the next start goes on where this one stopped.',
  });
}

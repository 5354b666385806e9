import { FlamingockError } from '../errors.js';
import type { EngineContext } from './context.js';

/** Throws `FLG_CLOSED` once the engine is being closed: nothing new begins. */
export function stopWhenClosing({ closing }: EngineContext): void {
  if (!closing.aborted) return;
  throw new FlamingockError({
    code: 'FLG_CLOSED',
    message: 'The instance was closed before its sequence was complete.',
    hint: 'Start again: the next start goes on where this one stopped.',
  });
}

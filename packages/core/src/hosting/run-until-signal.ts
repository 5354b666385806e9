import { FlamingockError } from '../errors.js';
import type { Flamingock } from '../flamingock.js';
import type { Logger } from '../logger.js';
import { type EndingSignal, onEndingSignal } from './ending-signal.js';

/** What a framework adds to {@link runUntilSignal}. */
export interface UntilSignalOptions {
  readonly logger: Pick<Logger, 'warn'>;
  /** Called before the signal ends the process: what is still buffered would die with it. */
  readonly flush?: () => void;
}

/**
 * Runs the sequence. A signal would kill the process in the middle of a change, so until the run is over SIGTERM and
 * SIGINT close the engine, which finishes the current change, and are raised again afterwards. Where others listen for
 * the signal too, ending the process is left to them.
 *
 * Throws what `run()` throws; after a signal `FLG_CLOSED`, whatever became of the run: the application must not start.
 */
export async function runUntilSignal(
  flamingock: Flamingock,
  { logger, flush }: UntilSignalOptions,
): Promise<void> {
  const told: { signal?: EndingSignal; closed?: Promise<void> } = {};
  const release = onEndingSignal((signal) => {
    logger.warn(`${signal} received: stopping after the current change.`);
    Object.assign(told, { signal, closed: flamingock.close() });
  }, flush);
  try {
    await flamingock.run();
    if (told.signal !== undefined) throw toldToEnd(told.signal);
  } finally {
    await told.closed;
    release();
  }
}

function toldToEnd(signal: EndingSignal): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CLOSED',
    message: `${signal} has told the application to end while it started. Its sequence is complete.`,
    hint: 'Start again: nothing is left to apply.',
  });
}

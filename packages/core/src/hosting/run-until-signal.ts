import type { Flamingock } from '../flamingock.js';
import type { Logger } from '../logger.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

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
 * Throws what `run()` throws; `FLG_CLOSED` after a signal.
 */
export async function runUntilSignal(
  flamingock: Flamingock,
  { logger, flush }: UntilSignalOptions,
): Promise<void> {
  let received: NodeJS.Signals | undefined;
  let closed: Promise<void> | undefined;
  // A terminal's Ctrl-C may arrive twice, from the terminal and from npm: the second one changes nothing.
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) return;
    received = signal;
    logger.warn(`${signal} received: stopping after the current change.`);
    closed = flamingock.close();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await flamingock.run();
  } catch (error) {
    closed ??= flamingock.close();
    throw error;
  } finally {
    await closed;
    for (const signal of SIGNALS) process.off(signal, onSignal);
    if (received !== undefined && process.listenerCount(received) === 0) {
      flush?.();
      process.kill(process.pid, received);
    }
  }
}

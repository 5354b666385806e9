import type { Flamingock } from '@flamingock/core';
import { Logger } from '@nestjs/common';
import { nestLogger } from './nest-logger.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs the sequence. Nest has no shutdown hooks yet while an application is created, and a signal would kill the
 * process in the middle of a change. So until the run is over a signal closes the engine, which finishes the
 * current change, and is raised again afterwards.
 */
export async function runUntilSignal(flamingock: Flamingock): Promise<void> {
  let received: NodeJS.Signals | undefined;
  let closed: Promise<void> | undefined;
  // A terminal's Ctrl-C may arrive twice, from the terminal and from npm: the second one changes nothing.
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) return;
    received = signal;
    nestLogger().warn(`${signal} received: stopping after the current change.`);
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
    if (received !== undefined) raiseAgain(received);
  }
}

/** Other listeners have heard the signal already and decide themselves when the process ends. */
function raiseAgain(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) return;
  // With `bufferLogs` the lines of the run would die with the process.
  Logger.flush();
  process.kill(process.pid, signal);
}

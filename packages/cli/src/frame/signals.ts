import type { Flamingock } from '@flamingock/core';
import { EXIT, type ExitCode } from './exit-code.js';

/** Longer than any change, and not longer than a timer can be. */
const UNTIL_IT_IS_DONE_MS = 2_000_000_000;

/** Within this time, in milliseconds, the same signal is the same one: npm gets what the terminal sends, and passes it on. */
const SAME_SIGNAL_MS = 1_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a command does when it is told to end. */
export interface Interruption {
  /** What to end the process with, once a signal came. */
  readonly exit: ExitCode | undefined;
  /**
   * From now on a signal drains this engine: the current change may finish. A second one tells it to stop, but for SIGHUP,
   * which comes twice where a terminal goes away: from its shell and from the system.
   */
  guard(flamingock: Flamingock): void;
  /** Gives the signals back. */
  end(): void;
}

/**
 * Listens for SIGINT, SIGTERM, and SIGHUP, with which a terminal goes away. While no engine works, they end the process at once.
 *
 * @param note tells the person what happens now
 * @param now a clock that does not jump, in milliseconds
 */
export function interruption(
  note: (line: string) => void,
  now: () => number = () => performance.now(),
): Interruption {
  let flamingock: Flamingock | undefined;
  let exit: ExitCode | undefined;
  const countedAt = new Map<string, number>();
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    const first = exit === undefined;
    exit ??= EXIT[signal];
    if (flamingock === undefined) process.exit(exit);
    const isSame = now() - (countedAt.get(signal) ?? -Infinity) < SAME_SIGNAL_MS;
    if (isSame || (!first && signal === 'SIGHUP')) return;
    countedAt.set(signal, now());
    const graceMs = first && signal === 'SIGINT' ? UNTIL_IT_IS_DONE_MS : first ? undefined : 0;
    note(
      first
        ? 'stopping: the current change may finish, and no other one begins (again: stop it now)'
        : 'stopping now: the current change is told to stop',
    );
    void flamingock.close(graceMs === undefined ? {} : { graceMs });
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    get exit() {
      return exit;
    },
    guard: (engine) => {
      flamingock = engine;
    },
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

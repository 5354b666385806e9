import { endBySignal, type EndingSignal } from '@flamingock/core/hosting';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Signals that are kept from those who have listened for them. */
export interface HeldSignals {
  /** Resolves when the first one has come. */
  readonly arrived: Promise<void>;
  /** Gives the listeners their place back, and raises again what has come. */
  release(): void;
}

/**
 * Keeps SIGTERM and SIGINT from everybody who listens for them already. On a signal Next.js ends the process as soon as it
 * has no open request, in the middle of a change too. Whoever begins to listen afterwards hears them at once.
 */
export function holdSignals(): HeldSignals {
  const received = new Set<EndingSignal>();
  let arrive: () => void;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const note = (signal: NodeJS.Signals): void => {
    received.add(signal as EndingSignal);
    arrive();
  };
  const held = SIGNALS.map((signal) => ({ signal, listeners: process.rawListeners(signal) as Listener[] }));
  for (const { signal, listeners } of held) {
    // This one first: a signal that nobody listens for ends the process.
    process.on(signal, note);
    for (const listener of listeners) process.off(signal, listener);
  }
  return {
    arrived,
    release() {
      for (const { signal, listeners } of held) {
        for (const listener of listeners) process.on(signal, listener);
        process.off(signal, note);
      }
      for (const signal of received) {
        // With NEXT_MANUAL_SIG_HANDLE Next.js does not listen, and perhaps nobody does.
        if (process.listenerCount(signal) > 0) process.kill(process.pid, signal);
        else endBySignal(signal);
      }
    },
  };
}

type Listener = (...parameters: unknown[]) => void;

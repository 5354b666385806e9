import { constants } from 'node:os';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A signal that asks the process to end. */
export type EndingSignal = (typeof SIGNALS)[number];

/** Marks listeners of this software, whichever copy of it: they wait for one another before the process ends. */
const OURS = Symbol.for('flamingock.ending-signal');

/**
 * Keeps SIGTERM and SIGINT from ending the process until the returned function is called, which then raises the signal
 * that has come meanwhile. Where others listen for it too, ending the process is left to them.
 *
 * @param begin called with the first signal; later ones change nothing
 * @param flush called before the signal ends the process: what is still buffered would die with it
 */
export function onEndingSignal(begin: (signal: EndingSignal) => void, flush?: () => void): () => void {
  let received: EndingSignal | undefined;
  let leftToOthers = false;
  // A terminal's Ctrl-C may arrive twice, from the terminal and from npm: the second one changes nothing.
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) return;
    received = signal as EndingSignal;
    // Now, and before them: who listens once is gone afterwards, while the shutdown that it has begun is not.
    leftToOthers = process.listeners(signal).some((listener) => !(OURS in listener));
    begin(received);
  };
  const listener = Object.assign(onSignal, { [OURS]: true });
  for (const signal of SIGNALS) process.prependListener(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
    if (received === undefined || leftToOthers || process.listenerCount(received) > 0) return;
    flush?.();
    endBySignal(received);
  };
}

/** Ends the process as a signal does that nobody listens for. */
export function endBySignal(signal: EndingSignal): void {
  // The kernel drops a signal that the first process of a container does not listen for, so there it ends by its code.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  process.kill(process.pid, signal);
}

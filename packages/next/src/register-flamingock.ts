import { FlamingockError, type FlamingockOptions } from '@flamingock/core';
import { createHosted, type Hosted, type HostingOptions, toldReason } from '@flamingock/core/hosting';
import { type HeldSignals, holdSignals } from './hold-signals.js';
import { type Registration, registration } from './registration.js';

/** The options of the engine, and how the application holds its traffic until the sequence is complete. */
export interface RegisterOptions extends FlamingockOptions, HostingOptions {
  /**
   * `block`: every page, route and action waits until the sequence is complete. `background`: they are answered 503 until
   * then, which takes {@link flamingockGate} in `proxy.ts`. Default `block`.
   */
  readonly hold?: 'block' | 'background';
  /**
   * What happens where the run fails. `exit`: the process ends with code 1, so that whoever started it starts it again.
   * `stay`: it goes on, and answers 500 (`block`) or 503 (`background`) for as long as it lives. Or a function that is told
   * of it; where that fails, it is an unhandled rejection, which Next.js logs. Default `exit`.
   */
  readonly onFailure?: 'exit' | 'stay' | ((error: FlamingockError) => unknown);
}

/** The options, or a function that makes them: called where the application starts, and never while it is built. */
export type RegisterOptionsSource = RegisterOptions | (() => RegisterOptions | Promise<RegisterOptions>);

/**
 * Runs the sequence, in `register` of `instrumentation.ts`: once in a process, in the Node.js runtime only, and never while
 * the application is built. Resolves when the sequence is complete; with `background` as soon as it has begun.
 *
 * A failed run ends the process by default. Otherwise this rejects with the coded error of the run, so that Next.js serves
 * nothing; options that cannot be used end the process always. SIGTERM and SIGINT during the run let the current change
 * finish and start no other; then Next.js gets them.
 *
 * @example
 * export async function register() {
 *   if (process.env.NEXT_RUNTIME === 'nodejs') {
 *     const { options } = await import('./flamingock');
 *     await registerFlamingock(options);
 *   }
 * }
 */
export function registerFlamingock(options: RegisterOptionsSource): Promise<void> {
  const { NEXT_RUNTIME, NEXT_PHASE } = process.env;
  if (NEXT_RUNTIME === 'edge' || NEXT_PHASE === 'phase-production-build') return Promise.resolve();
  const slot = registration();
  return (slot.started ??= start(slot, options));
}

async function start(slot: Registration, options: RegisterOptionsSource): Promise<void> {
  const signals = holdSignals();
  // Nothing has begun yet that would have to end first.
  const hosted = await Promise.race([hostedOf(options), signals.arrived]);
  if (hosted === undefined) {
    signals.release();
    throw endedBefore();
  }
  slot.hosted = hosted;
  const outcome = run(hosted, signals);
  if (hosted.hosting.hold === 'background') {
    void outcome.then((failure) => failure?.told);
    return;
  }
  const failure = await outcome;
  if (failure === undefined) return;
  await new Promise<void>((resolve) => void failure.told.finally(resolve));
  throw failure.error;
}

/** A run that failed. */
interface Failure {
  readonly error: FlamingockError;
  /** Settles as the function does that is told of it; where that fails, it is an unhandled rejection. */
  readonly told: Promise<void>;
}

/** Whoever is told of a failure may take time for it; signals are held no longer then. */
async function run(hosted: Hosted, signals: HeldSignals): Promise<Failure | undefined> {
  try {
    await hosted.run();
    return undefined;
  } catch (error) {
    return { error: error as FlamingockError, told: hosted.failed(error as FlamingockError) };
  } finally {
    signals.release();
  }
}

async function hostedOf(options: RegisterOptionsSource): Promise<Hosted> {
  try {
    const given = typeof options === 'function' ? await options() : options;
    return createHosted(given, 'registerFlamingock()');
  } catch (error) {
    // There is no logger yet.
    process.stderr.write(`[flamingock] ${toldReason(error)}\n`);
    process.exit(1);
  }
}

function endedBefore(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CLOSED',
    message: 'registerFlamingock(): a signal has told the application to end before its options were there.',
    hint: 'Start again: nothing was begun.',
  });
}

import { Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Flamingock } from '@flamingock/core';
import { FlamingockError } from '@flamingock/core';
import { onEndingSignal, throwProblems, unknownKeys } from '@flamingock/core/hosting';
import { RunningRequests, type RunningResponse } from './running-requests.js';

/** What of `http.Server` and `https.Server` is used. */
export interface ClosingServer {
  prependListener(event: 'request', listener: (request: unknown, response: RunningResponse) => void): unknown;
  closeIdleConnections(): void;
  closeAllConnections(): void;
}

/** How an application shuts down. */
export interface ClosingOptions {
  /** How long running requests, and the current change, may go on, in milliseconds. Default 10 000. */
  readonly graceMs?: number;
  /**
   * How long requests are still accepted after the readiness has gone down, in milliseconds: as long as load balancers
   * need to see it. Default 0.
   */
  readonly delayMs?: number;
  /** Called when no request and no change runs any more, for instance to close pools; it is awaited. Its failure is an unhandled rejection: where the application listens for those, the signal ends the process after that. */
  readonly onClosed?: () => unknown;
}

const KEYS: readonly (keyof ClosingOptions)[] = ['graceMs', 'delayMs', 'onClosed'];
/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Shuts the application down on SIGTERM and SIGINT. Readiness goes down; the server accepts no further connection; the
 * requests that run are answered, and so is what still comes on a connection that is open, with `Connection: close`; the
 * engine finishes its current change, if one runs; then the signal ends the process, unless others listen for it too.
 * After `graceMs` connections are cut, and the change is told to stop. A second signal changes nothing.
 *
 * To be called right after `listen`: requests from before are not waited for.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @param server what `app.listen()` returns
 * @returns does the same without a signal, and leaves the process alone
 *
 * @example
 * closeOnSignal(app.listen(3000), engine, { onClosed: () => pool.end() });
 */
export function closeOnSignal(
  server: ClosingServer,
  flamingock: Flamingock,
  options: ClosingOptions = {},
): () => Promise<void> {
  assertValid(options);
  const requests = new RunningRequests();
  // Before the application, which may answer at once.
  server.prependListener('request', (_request, response) => {
    requests.add(response);
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown(server, requests, flamingock, options));
  const release = onEndingSignal(() => {
    // Later than an unhandled rejection is told of, which the signal would cut short.
    void close().finally(() => setImmediate(release));
  });
  return async () => {
    try {
      await close();
    } finally {
      release();
    }
  };
}

async function shutDown(
  server: ClosingServer,
  requests: RunningRequests,
  flamingock: Flamingock,
  { graceMs = 10_000, delayMs = 0, onClosed }: ClosingOptions,
): Promise<void> {
  // First of all: readiness goes down with it.
  const engineClosed = flamingock.close({ graceMs });
  requests.drain();
  if (delayMs > 0) await pause(delayMs);
  const serverClosed = stopAccepting(server);
  const inTime = new AbortController();
  const answered = requests.ended().then(() => {
    server.closeIdleConnections();
    return serverClosed;
  });
  await Promise.race([answered, pause(graceMs, undefined, inTime).catch(() => undefined)]);
  inTime.abort();
  server.closeAllConnections();
  await engineClosed;
  await onClosed?.();
}

/**
 * Resolves when the last connection is closed. Not by `close()` of the HTTP server: that one also cuts connections whose
 * response has been ended but not yet been sent, so large answers would arrive in part.
 */
function stopAccepting(server: ClosingServer): Promise<void> {
  return new Promise((resolve) => {
    Server.prototype.close.call(server as unknown as Server, () => {
      resolve();
    });
  });
}

function assertValid(options: ClosingOptions): void {
  const { graceMs = 0, delayMs = 0, onClosed } = options;
  const times = Object.entries({ graceMs, delayMs })
    .filter(([, value]) => !(value >= 0 && value <= LONGEST_TIMER_MS))
    .map(([key]) => invalid(`${key} must be a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`));
  const functions =
    onClosed === undefined || typeof onClosed === 'function' ? [] : [invalid('onClosed must be a function')];
  throwProblems([...unknownKeys(options, KEYS, 'closeOnSignal()'), ...times, ...functions]);
}

function invalid(what: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `closeOnSignal(): ${what}.`,
    hint: 'Leave it out for the default.',
  });
}

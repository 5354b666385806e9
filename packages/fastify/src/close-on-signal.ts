import { FlamingockError } from '@flamingock/core';
import { onEndingSignal, throwProblems, unknownKeys } from '@flamingock/core/hosting';

/** The part of an application that is used: of any server, logger or type provider. */
export interface ClosableApplication {
  readonly server: object;
  readonly log: { error(error: unknown): void };
  close(): PromiseLike<unknown>;
}

/** How an application shuts down. */
export interface ClosingOptions {
  /** After how long connections that are still open are cut, in milliseconds. Default 10 000. */
  readonly graceMs?: number;
}

const SWEEP_MS = 100;
/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Closes the application on SIGTERM and SIGINT, once: requests finish and a change that runs is drained. After `graceMs`
 * connections are cut. The signal ends the process after that. To be called when it listens; a signal before that ends
 * the start by itself.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * await app.listen({ port: 3000 });
 * closeOnSignal(app);
 */
export function closeOnSignal(app: ClosableApplication, options: ClosingOptions = {}): void {
  assertValid(options);
  const release = onEndingSignal(() => {
    void closed(app, options).then(release);
  });
}

async function closed(app: ClosableApplication, { graceMs = 10_000 }: ClosingOptions): Promise<void> {
  // A connection that was in use when the port closed would be kept for a next request, as long as keepAliveTimeout: 72 s.
  const sweep = setInterval(() => {
    closeIdle(app.server);
  }, SWEEP_MS);
  // One that never sends its request is not idle to Node, and Fastify would wait for it for ever.
  const cut = setTimeout(() => {
    closeAll(app.server);
  }, graceMs);
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/** Servers of HTTP/2 have neither method. */
function closeIdle(server: { closeIdleConnections?(): void }): void {
  server.closeIdleConnections?.();
}

function closeAll(server: { closeAllConnections?(): void }): void {
  server.closeAllConnections?.();
}

function assertValid(options: ClosingOptions): void {
  const { graceMs = 0 } = options;
  const inRange = graceMs >= 0 && graceMs <= LONGEST_TIMER_MS;
  throwProblems([
    ...unknownKeys(options, ['graceMs'], 'closeOnSignal()'),
    ...(inRange ? [] : [invalidGrace()]),
  ]);
}

function invalidGrace(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `closeOnSignal(): graceMs must be a number of milliseconds from 0 to ${LONGEST_TIMER_MS}.`,
    hint: 'Leave it out for the default.',
  });
}

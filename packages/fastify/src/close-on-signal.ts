import { onEndingSignal } from '@flamingock/core/hosting';

/** The part of an application that is used: of any server, logger or type provider. */
export interface ClosableApplication {
  readonly server: object;
  readonly log: { error(error: unknown): void };
  close(): PromiseLike<unknown>;
}

const SWEEP_MS = 100;

/**
 * Closes the application on SIGTERM and SIGINT, once: requests finish and a change that runs is drained. The signal ends
 * the process after that. To be called when it listens; a signal before that ends the start by itself.
 *
 * @example
 * await app.listen({ port: 3000 });
 * closeOnSignal(app);
 */
export function closeOnSignal(app: ClosableApplication): void {
  const release = onEndingSignal(() => {
    void closed(app).then(release);
  });
}

async function closed(app: ClosableApplication): Promise<void> {
  // A connection that was in use when the port closed would be kept for a next request, as long as keepAliveTimeout: 72 s.
  const sweep = setInterval(() => {
    closeIdle(app.server);
  }, SWEEP_MS);
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
  } finally {
    clearInterval(sweep);
  }
}

/** Servers of HTTP/2 have no such method. */
function closeIdle(server: { closeIdleConnections?(): void }): void {
  server.closeIdleConnections?.();
}

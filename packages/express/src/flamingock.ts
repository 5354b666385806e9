import { type Flamingock, FlamingockError, type FlamingockOptions } from '@flamingock/core';
import { createHosted, type Hosted, type HostingOptions } from '@flamingock/core/hosting';
import type { ExpressApplication } from './express-application.js';
import { gateHandler } from './flamingock-gate.js';
import { readinessHandler } from './readiness-handler.js';
import { type RegisteredRoute, registeredRoutes } from './registered-routes.js';

/** The options of the engine, and how the application holds its traffic. */
export type FlamingockExpressOptions = FlamingockOptions & HostingOptions;

/**
 * Applies the changes of an application. To be awaited before `listen` and before the routes: it adds the gate, which
 * answers 503 until the sequence is complete, and the readiness probe.
 *
 * With `hold: 'block'` it resolves with the engine when the sequence is complete, and rejects with one coded error
 * otherwise. With `hold: 'background'` it resolves at once.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together, and with `hold: 'block'` what `run()`
 * throws; after SIGTERM or SIGINT `FLG_CLOSED`.
 *
 * @param app an application or router of Express 4 or 5
 *
 * @example
 * const app = express();
 * const engine = await flamingock(app, { service: 'orders', environment, auditStore, targets, changes });
 * app.use('/orders', ordersRouter);
 * closeOnSignal(app.listen(3000), engine);
 */
export async function flamingock(
  app: ExpressApplication,
  options: FlamingockExpressOptions,
): Promise<Flamingock> {
  assertExpress(app);
  const hosted = createHosted(options, 'flamingock()');
  assertBeforeRoutes(app, hosted);
  const { readinessPath } = hosted.hosting;
  app.use(gateHandler(hosted));
  if (readinessPath !== false) app.get(readinessPath, readinessHandler(hosted.flamingock));
  await hosted.start();
  return hosted.flamingock;
}

function assertExpress(app: Partial<ExpressApplication> | undefined): void {
  if (typeof app?.use === 'function' && typeof app.get === 'function') return;
  throw invalid('needs an application of Express before its options', 'Pass what express() returns.');
}

/** Express asks in the order of registration: what stands before the gate is not held by it. */
function assertBeforeRoutes(app: ExpressApplication, hosted: Hosted): void {
  const { hold, readinessPath } = hosted.hosting;
  const routes = registeredRoutes(app);
  if (readinessPath !== false && routes.some(({ path }) => path === readinessPath)) {
    throw invalid(
      `finds a route at ${readinessPath} already, which would answer in place of its readiness probe`,
      'Remove that route, or set readinessPath; several engines share one: readinessPath: false, and readinessHandler({ a, b }).',
    );
  }
  if (hold === 'block') return;
  const served = routes.find(
    ({ path, methods }) =>
      typeof path !== 'string' ||
      methods.some((method) => hosted.refuse({ method, url: path }) !== undefined),
  );
  if (served === undefined) return;
  throw invalid(
    `was called after the routes (the first is ${placeOf(served)}), which would be served before the changes are applied`,
    "Call it before the routes, name the path of a GET route in openPaths, or leave out hold: 'background'.",
  );
}

function placeOf({ path }: RegisteredRoute): string {
  return path === undefined ? 'in a router or an application that is mounted' : String(path);
}

function invalid(what: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message: `flamingock() ${what}.`, hint });
}

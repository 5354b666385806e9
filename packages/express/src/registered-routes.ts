import type { ExpressApplication } from './express-application.js';

type RoutePath = string | RegExp | readonly (string | RegExp)[];

/** What Express keeps of everything that was added to an application or router; the same in both majors. */
interface Layer {
  readonly route?: { readonly path: RoutePath };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

interface WithRouter {
  readonly stack?: readonly Layer[];
  readonly _router?: { readonly stack?: readonly Layer[] };
  readonly router?: { readonly stack?: readonly Layer[] };
  readonly lazyrouter?: unknown;
}

/** A route that was registered already. Its path is unknown where it stands in a router that was mounted. */
export interface RegisteredRoute {
  readonly path: RoutePath | undefined;
}

/** The routes of an application so far, and the routers with routes that were mounted on it. */
export function registeredRoutes(app: ExpressApplication): readonly RegisteredRoute[] {
  return stackOf(app).flatMap(({ route, handle }): readonly RegisteredRoute[] => {
    if (route !== undefined) return [{ path: route.path }];
    return handle?.stack?.some((layer) => layer.route !== undefined) === true ? [{ path: undefined }] : [];
  });
}

function stackOf(app: ExpressApplication & WithRouter): readonly Layer[] {
  // `app.router` throws in Express 4, which is known by its `lazyrouter`.
  const router = app.stack === undefined ? ('lazyrouter' in app ? app._router : app.router) : app;
  return router?.stack ?? [];
}

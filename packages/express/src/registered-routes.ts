import type { ExpressApplication } from './express-application.js';

type RoutePath = string | RegExp | readonly (string | RegExp)[];

/** What Express keeps of everything that was added to an application or router; the same in both majors. */
interface Layer {
  readonly route?: { readonly path: RoutePath; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly name?: string; readonly stack?: readonly Layer[] };
}

/** What Express calls the function that hands requests to a mounted application, which cannot be looked into. */
const MOUNTED_APPLICATION = 'mounted_app';

interface WithRouter {
  readonly stack?: readonly Layer[];
  readonly _router?: { readonly stack?: readonly Layer[] };
  readonly router?: { readonly stack?: readonly Layer[] };
  readonly lazyrouter?: unknown;
}

/** A route that was registered already. Its path is unknown where it stands in what was mounted. */
export interface RegisteredRoute {
  readonly path: RoutePath | undefined;
  /** `GET`; of `app.all()` `_ALL`. */
  readonly methods: readonly string[];
}

/** The routes of an application so far, and the applications and the routers with routes that were mounted on it. */
export function registeredRoutes(app: ExpressApplication): readonly RegisteredRoute[] {
  return stackOf(app).flatMap((layer): readonly RegisteredRoute[] => {
    if (layer.route === undefined) return serves(layer) ? [{ path: undefined, methods: [] }] : [];
    const { path, methods } = layer.route;
    return [{ path, methods: Object.keys(methods).map((method) => method.toUpperCase()) }];
  });
}

/** Also a router in a router. */
function serves({ route, handle }: Layer): boolean {
  return route !== undefined || handle?.name === MOUNTED_APPLICATION || handle?.stack?.some(serves) === true;
}

function stackOf(app: ExpressApplication & WithRouter): readonly Layer[] {
  // `app.router` throws in Express 4, which is known by its `lazyrouter`.
  const router = app.stack === undefined ? ('lazyrouter' in app ? app._router : app.router) : app;
  return router?.stack ?? [];
}

import { bodyText, type Hosted, isOpenMethod } from '@flamingock/core/hosting';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { enginesOf, readinessUrlOf } from './engines.js';

/**
 * Refuses what comes before the sequence is complete, before any later hook of the application sees it: routes, also
 * those that were declared earlier, and what has no route.
 */
export function holdTraffic(app: FastifyInstance, hosted: Hosted): void {
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = hosted.refuse(request);
    if (refusal === undefined || isReadiness(app, request)) {
      done();
      return;
    }
    // As text: what the application does to the bodies of this route is not meant for it.
    reply.code(refusal.statusCode).headers(refusal.headers).send(bodyText(refusal));
  });
}

/** Also of another engine, whose readiness may stand elsewhere; and with the prefix that the route really has. */
function isReadiness(app: FastifyInstance, request: FastifyRequest): boolean {
  const { url } = request.routeOptions;
  if (url === undefined || !isOpenMethod(request)) return false;
  return enginesOf(app).some((engine) => readinessUrlOf(engine) === url);
}

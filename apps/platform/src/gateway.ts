import { readFieldName } from './field-name.js';
import { Problem } from './http/problem.js';
import { Router } from './http/router.js';
import type { Outcome, ServiceDefinition } from './service.js';

interface Validation {
  /** The fields that a request's body may have; the gateway turns others away. */
  readonly allowedFields: readonly string[];
  /** Grows by one with every effective change. */
  readonly revision: number;
}

interface GatewayRoute {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly validation: Validation;
}

type GatewayRoutes = readonly GatewayRoute[];

const SEED: GatewayRoutes = [
  {
    name: 'order-request',
    method: 'POST',
    path: '/orders',
    validation: { allowedFields: ['item', 'quantity'], revision: 1 },
  },
];

/** The admin API of a gateway that validates requests before they reach the applications. */
export function gateway(): ServiceDefinition<GatewayRoutes> {
  const router = new Router<GatewayRoutes, Outcome<GatewayRoutes>>()
    .on('GET /routes', (routes) => ({ status: 200, body: routes }))
    .on('GET /routes/:name', (routes, { parameters }) => ({
      status: 200,
      body: find(routes, parameters.name),
    }))
    .on('PUT /routes/:name/validation', (routes, { parameters, json }) => {
      const route = find(routes, parameters.name);
      const { allowedFields, revision } = json('allowedFields', 'revision');
      if (!Array.isArray(allowedFields)) throw new Problem(400, 'allowedFields must be a list of names.');
      if (!Number.isInteger(revision)) throw new Problem(400, 'revision must be the current number.');
      const fields = allowedFields.map(readFieldName);
      if (revision !== route.validation.revision) {
        throw new Problem(
          412,
          `The validation of ${route.name} is at revision ${route.validation.revision}.`,
        );
      }
      return allow(routes, route, fields);
    })
    .on('PUT /routes/:name/validation/allowed-fields/:field', (routes, { parameters }) => {
      const route = find(routes, parameters.name);
      return allow(routes, route, [...route.validation.allowedFields, readFieldName(parameters.field)]);
    })
    .on('DELETE /routes/:name/validation/allowed-fields/:field', (routes, { parameters }) => {
      const route = find(routes, parameters.name);
      const { allowedFields } = route.validation;
      if (!allowedFields.includes(parameters.field)) {
        throw new Problem(404, `${parameters.field} is not an allowed field of ${route.name}.`);
      }
      return allow(
        routes,
        route,
        allowedFields.filter((field) => field !== parameters.field),
      );
    });
  return { seed: SEED, router };
}

function find(routes: GatewayRoutes, name: string): GatewayRoute {
  const route = routes.find((candidate) => candidate.name === name);
  if (route === undefined) throw new Problem(404, `There is no route ${name}.`);
  return route;
}

/** Fields are a set: in which order they come, and how often, makes no revision. */
function allow(
  routes: GatewayRoutes,
  route: GatewayRoute,
  fields: readonly string[],
): Outcome<GatewayRoutes> {
  const allowedFields = [...new Set(fields)];
  const current = new Set(route.validation.allowedFields);
  if (allowedFields.length === current.size && allowedFields.every((field) => current.has(field))) {
    return { status: 200, body: route };
  }
  const changed = { ...route, validation: { allowedFields, revision: route.validation.revision + 1 } };
  return { status: 200, body: changed, state: routes.with(routes.indexOf(route), changed) };
}

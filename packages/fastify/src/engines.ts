import { FlamingockError } from '@flamingock/core';
import type { Hosted } from '@flamingock/core/hosting';
import type { FastifyInstance } from 'fastify';

const ENGINES = Symbol.for('flamingock.fastify.engines');

/** One registration. */
export interface RegisteredEngine {
  readonly name: string | undefined;
  readonly hosted: Hosted;
  /** Of the plugin in which it was registered. */
  readonly prefix: string;
}

/** The route on which the readiness of an engine is answered; `undefined` where it is not. */
export function readinessUrlOf({ hosted, prefix }: RegisteredEngine): string | undefined {
  const { readinessPath } = hosted.hosting;
  return readinessPath === false ? undefined : `${prefix}${readinessPath}`;
}

/** The registrations that an instance of Fastify knows, its parents' included, in their order. */
export function enginesOf(app: FastifyInstance): readonly RegisteredEngine[] {
  return app.hasDecorator(ENGINES) ? app.getDecorator<readonly RegisteredEngine[]>(ENGINES) : [];
}

/**
 * Decorates the application with an engine: as `flamingock`, or as `flamingock[name]`.
 *
 * Throws `FLG_OPTION_INVALID` where the name is none or taken, and where one has a name and another has none.
 */
export function addEngine(app: FastifyInstance, engine: RegisteredEngine): void {
  const { name, hosted } = engine;
  assertFree(name, enginesOf(app));
  if (!app.hasDecorator(ENGINES)) app.decorate(ENGINES, []);
  app.getDecorator<RegisteredEngine[]>(ENGINES).push(engine);
  const decorator = name === undefined ? hosted.flamingock : { [name]: hosted.flamingock };
  if (app.hasDecorator('flamingock')) Object.assign(app.flamingock, decorator);
  else app.decorate('flamingock', decorator as FastifyInstance['flamingock']);
}

function assertFree(name: unknown, others: readonly RegisteredEngine[]): void {
  if (name !== undefined && (typeof name !== 'string' || name === ''))
    throw invalid('was given a name that is no text', 'Leave it out where there is only one');
  const [first] = others;
  if (first !== undefined && (name === undefined || first.name === undefined))
    throw invalid('is registered more than once, and not every registration has a name', 'Give each a name');
  if (others.some((other) => other.name === name))
    throw invalid(`is registered twice with the name '${name}'`, 'Give each a name of its own');
}

function invalid(what: string, hint: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `flamingock() ${what}.`,
    hint: `${hint}: app.register(flamingock, { name: 'orders', … }).`,
  });
}

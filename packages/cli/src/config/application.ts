import { basename } from 'node:path';
import { FlamingockError, isFlamingockError } from '@flamingock/core';
import { holdStarts, openDesk, Redactor } from '@flamingock/core/desk';
import { type ModuleLoader, moduleLoader } from './module-loader.js';
import { createNestContext, isNestModule } from './nest-context.js';
import type { Engine, Project, ProjectRequest } from './project.js';
import { isRecord } from './config-problem.js';
import { defaultOf } from './read-config.js';

/** An application that was built and does not listen. */
export interface OpenedApplication {
  readonly engine: Engine;
  readonly close: () => Promise<void>;
}

/** Works on what an application is made of itself. It has to be built for every command. */
export async function applicationProject(request: ProjectRequest, file: string): Promise<Project> {
  const { engine, close } = await openApplication(file, request);
  const { environment, environments, auditStore, secrets } = engine.options;
  const { outOfOrder, applicationVersion, lock, storeTimeoutMs } = engine.options;
  return {
    desk: ({ service = engine.options.service, tenant = engine.options.tenant } = {}) =>
      Promise.resolve(
        openDesk({
          ...{ service, environment, auditStore },
          ...(service === engine.options.service ? { changes: engine.options.changes } : {}),
          ...(tenant === undefined ? {} : { tenant }),
          ...(environments === undefined ? {} : { environments }),
          ...(secrets === undefined ? {} : { secrets }),
          ...(outOfOrder === undefined ? {} : { outOfOrder }),
          ...(applicationVersion === undefined ? {} : { applicationVersion }),
          ...(lock === undefined ? {} : { lock }),
          ...(storeTimeoutMs === undefined ? {} : { storeTimeoutMs }),
        }),
      ),
    engine: () => Promise.resolve(engine),
    secrets: [...(secrets ?? []), ...(auditStore.secrets ?? [])],
    close,
  };
}

/**
 * Builds an application from its module, whose default export is either a Nest module, or a function that builds it
 * without listening and returns something with `close()`. Its own start is held, so that the command decides what runs.
 *
 * Throws `FLG_APPLICATION_INVALID`.
 *
 * @param file an absolute path
 */
export async function openApplication(file: string, request: ProjectRequest): Promise<OpenedApplication> {
  const name = basename(file);
  // Applications read it themselves while they are loaded.
  if (request.environment !== undefined) process.env['FLAMINGOCK_ENV'] = request.environment;
  const loader = await moduleLoader(file);
  const held = holdStarts((path) => loader.load(path));
  let close: () => Promise<void>;
  try {
    close = closeOf(await build(defaultOf(await loader.load(file)), name, loader, request));
  } catch (error) {
    held.end();
    throw isFlamingockError(error) ? error : invalid(`${name} could not be built: ${told(error)}.`);
  }
  const [engine, ...others] = held.engines;
  const matches = engine !== undefined && others.length === 0;
  if (matches && (request.environment ?? engine.options.environment) === engine.options.environment)
    return { engine, close };
  await close();
  held.end();
  if (!matches) throw invalid(`${name} makes ${held.engines.length} instances of Flamingock, and not one.`);
  throw invalid(
    `${name} is built for the environment '${engine.options.environment}', and not for '${request.environment}'.`,
  );
}

async function build(
  exported: unknown,
  name: string,
  loader: ModuleLoader,
  { logger }: ProjectRequest,
): Promise<unknown> {
  if (isNestModule(exported)) return createNestContext(exported, loader, logger);
  if (typeof exported !== 'function')
    throw invalid(`${name} has no default export that an application can be built of.`);
  return (exported as () => unknown)();
}

function closeOf(application: unknown): () => Promise<void> {
  const close = isRecord(application) ? application['close'] : undefined;
  return async () => {
    if (typeof close === 'function') await (close as () => unknown).call(application);
  };
}

function told(error: unknown): string {
  const { name, message } = new Redactor([]).record(error);
  return `${name}: ${message}`;
}

function invalid(message: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_APPLICATION_INVALID',
    message,
    hint: 'Export by default the root module of a Nest application, or a function that builds the application without listening and returns something with close(). With a configuration, `status`, `audit`, `issue` and `lock` need no application.',
  });
}

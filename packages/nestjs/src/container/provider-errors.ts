import { FlamingockError } from '@flamingock/core';
import { Scope } from '@nestjs/common';
import type { NestProvider } from './module-graph.js';
import type { Path } from './waits-for.js';

/** `FLG_DEPENDENCY_SCOPE`: the last provider of the path is the one without a single instance. */
export function scopedProvider(asker: string, path: Path): FlamingockError {
  const scope = path.at(-1)?.scope === Scope.TRANSIENT ? 'transient' : 'request-scoped';
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_SCOPE',
    message: `${asker} asks for ${first(path)}, which has no single instance: ${describe(path)} is ${scope}.`,
    hint: 'Move what the change needs into a provider of the default scope, or give a value in dependencies.',
  });
}

/** `FLG_DEPENDENCY_CYCLE`: the last provider of the path is the engine. */
export function waitingProvider(asker: string, path: Path): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_CYCLE',
    message: `${asker} asks for ${first(path)}, which itself waits for the run to be over: ${describe(path)}.`,
    hint: `Move what the change needs into a provider that does not inject ${describe(path.slice(-1))}, directly or through others.`,
  });
}

/** `FLG_DEPENDENCY_UNRESOLVED`: the last provider of the path is the one that everything above it waits for. */
export function lateProvider(asker: string, path: Path, timeoutMs: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    message: `${asker} asks for ${first(path)}, which was not ready after ${timeoutMs} ms; it waits for: ${describe(path)}.`,
    hint: 'Look at what the last one is waiting for, or raise resolutionTimeoutMs if it is only slow.',
  });
}

/** `FLG_DEPENDENCY_UNRESOLVED`: several modules have different instances of it. */
export function ambiguousProvider(asker: string, providers: readonly NestProvider[]): FlamingockError {
  const modules = providers.map(({ host }) => host?.name ?? '?').join(', ');
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNRESOLVED',
    message: `${asker} asks for ${describe(providers.slice(0, 1))}, of which several modules have an instance of their own: ${modules}.`,
    hint: 'Provide it in one module only, or export it to the module that imports FlamingockModule.',
  });
}

function first(path: Path): string {
  return describe(path.slice(0, 1));
}

/** `OrdersService -> AuditTrail -> FLAMINGOCK`. */
function describe(path: Path): string {
  return path.map(({ name }) => String(name)).join(' -> ');
}

import { Scope } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { AskedProviders } from './asked-providers.js';
import type { NestProvider } from './module-graph.js';

/** From a provider down to the one that matters, both included. */
export type Path = readonly NestProvider[];

/**
 * The way to the engine, which is not there before the run is over: whoever waits for it never gets it. Also by way of
 * another engine, whose run waits for it.
 *
 * @param engine the token of the one that runs
 */
export function pathToEngine(
  provider: NestProvider,
  engine: string,
  asked: AskedProviders,
): Path | undefined {
  return pathTo(provider, ({ token }) => token === engine, waitsFor(asked));
}

/**
 * The way to the provider because of which there is no single instance: a request-scoped one, which makes
 * everything above it request-scoped too, or a transient one that this is, or is another name for.
 */
export function pathToScoped(provider: NestProvider): Path | undefined {
  return (
    pathTo(provider, ({ scope }) => scope === Scope.REQUEST, dependenciesOf) ??
    pathTo(
      provider,
      ({ scope }) => scope === Scope.TRANSIENT,
      (candidate) => (candidate.isAlias ? dependenciesOf(candidate) : []),
    )
  );
}

/** The way to the provider that all others on it wait for. */
export function pathToPending(provider: NestProvider, asked: AskedProviders): Path {
  const next = waitsFor(asked);
  const isLast = (candidate: NestProvider): boolean =>
    isPending(candidate) && !next(candidate).some(isPending);
  return pathTo(provider, isLast, next) ?? [provider];
}

type Dependencies = (provider: NestProvider) => readonly NestProvider[];

/** Of an engine also what its changes have asked for. */
function waitsFor(asked: AskedProviders): Dependencies {
  return (provider) => [...dependenciesOf(provider), ...asked.by(provider.token)];
}

function pathTo(
  provider: NestProvider,
  isGoal: (provider: NestProvider) => boolean,
  dependencies: Dependencies,
  seen: Set<NestProvider> = new Set(),
): Path | undefined {
  if (isGoal(provider)) return [provider];
  seen.add(provider);
  for (const dependency of dependencies(provider)) {
    const rest = seen.has(dependency) ? undefined : pathTo(dependency, isGoal, dependencies, seen);
    if (rest !== undefined) return [provider, ...rest];
  }
  return undefined;
}

/**
 * As Nest's injector has found them so far. It notes them before it waits for them, so whatever a provider waits
 * for is always among them, however it was declared.
 */
function dependenciesOf(provider: NestProvider): readonly NestProvider[] {
  const parameters = provider.getCtorMetadata() as NestProvider[] | undefined;
  const properties = provider.getPropertiesMetadata() as { readonly wrapper: NestProvider }[] | undefined;
  // The list of parameters may have holes; `flat` leaves them out.
  return [parameters ?? [], (properties ?? []).map(({ wrapper }) => wrapper)].flat();
}

/** Values, and what every module has by nature, are never loaded. */
function isPending({ metatype, token, initTime }: NestProvider): boolean {
  return typeof metatype === 'function' && token !== ModuleRef && initTime === undefined;
}

import { Scope } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { NestProvider } from './module-graph.js';

/** From a provider down to the one that matters, both included. */
export type Path = readonly NestProvider[];

/**
 * The way to the engine, which is not there before the run is over: whoever waits for it never gets it.
 *
 * @param engine the token of the one that runs
 */
export function pathToEngine(provider: NestProvider, engine: string): Path | undefined {
  return pathTo(provider, ({ token }) => token === engine);
}

/**
 * The way to the provider because of which there is no single instance: a request-scoped one, which makes
 * everything above it request-scoped too, or a transient one that this is, or is another name for.
 */
export function pathToScoped(provider: NestProvider): Path | undefined {
  return (
    pathTo(provider, ({ scope }) => scope === Scope.REQUEST) ??
    pathTo(
      provider,
      ({ scope }) => scope === Scope.TRANSIENT,
      ({ isAlias }) => isAlias,
    )
  );
}

/** The way to the provider that all others on it wait for. */
export function pathToPending(provider: NestProvider): Path {
  const isLast = (candidate: NestProvider): boolean =>
    isPending(candidate) && !dependenciesOf(candidate).some(isPending);
  return pathTo(provider, isLast) ?? [provider];
}

function pathTo(
  provider: NestProvider,
  isGoal: (provider: NestProvider) => boolean,
  isPassable: (provider: NestProvider) => boolean = () => true,
  seen: Set<NestProvider> = new Set(),
): Path | undefined {
  if (isGoal(provider)) return [provider];
  seen.add(provider);
  for (const dependency of isPassable(provider) ? dependenciesOf(provider) : []) {
    const rest = seen.has(dependency) ? undefined : pathTo(dependency, isGoal, isPassable, seen);
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

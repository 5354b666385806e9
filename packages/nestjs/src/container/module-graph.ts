import type { InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { FLAMINGOCK_ENTRANCE } from '../flamingock.constants.js';

/** Nest exports the map of its modules, and names neither what is in it nor the providers of a module. */
export type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;
export type NestProvider = NestModule['providers'] extends Map<InjectionToken, infer P> ? P : never;

/**
 * What a token may mean: the one provider that the module which imports Flamingock would be given by Nest, or
 * else that of every module which has one, exported or not.
 */
export function candidates(modules: ModulesContainer, token: InjectionToken): readonly NestProvider[] {
  const all = [...modules.values()];
  for (const importer of all.filter(importsFlamingock)) {
    const visible = lookUp(importer, token);
    if (visible !== undefined) return [visible];
  }
  return all.flatMap((module) => module.providers.get(token) ?? []);
}

function importsFlamingock(module: NestModule): boolean {
  return [...module.imports].some(({ providers }) => providers.has(FLAMINGOCK_ENTRANCE));
}

/** What Nest would inject into a provider of the module: its own provider, or the first that is exported to it. */
function lookUp(module: NestModule, token: InjectionToken): NestProvider | undefined {
  return module.providers.get(token) ?? exportedTo(module, token, () => true, new Set());
}

function exportedTo(
  module: NestModule,
  token: InjectionToken,
  reachable: (imported: NestModule) => boolean,
  seen: Set<NestModule>,
): NestProvider | undefined {
  for (const imported of module.imports) {
    if (seen.has(imported) || !reachable(imported)) continue;
    seen.add(imported);
    const own = imported.exports.has(token) ? imported.providers.get(token) : undefined;
    const found = own ?? exportedTo(imported, token, ({ metatype }) => imported.exports.has(metatype), seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

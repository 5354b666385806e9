import type { InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { FLAMINGOCK_ENTRANCE, FLAMINGOCK_FEATURE } from '../flamingock.constants.js';

/** Nest exports the map of its modules, and names neither what is in it nor the providers of a module. */
export type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;
export type NestProvider = NestModule['providers'] extends Map<InjectionToken, infer P> ? P : never;

/** Whose view of the modules counts first. */
interface Viewpoint {
  /** Of the instance. */
  readonly name: string | undefined;
  /** The feature that a change belongs to; otherwise it belongs to the instance itself. */
  readonly scope: unknown;
}

/**
 * What a token may mean: the one provider that Nest would give to the module which imports the feature, or else to the
 * one which imports the instance, or else that of every module which has one, exported or not.
 */
export function candidates(
  modules: ModulesContainer,
  token: InjectionToken,
  { name, scope }: Viewpoint,
): readonly NestProvider[] {
  const all = [...modules.values()];
  const importers = [
    ...all.filter(
      imports((imported) => scope !== undefined && valueOf(imported, FLAMINGOCK_FEATURE) === scope),
    ),
    ...all.filter(imports((imported) => isEntrance(valueOf(imported, FLAMINGOCK_ENTRANCE), name))),
  ];
  for (const importer of importers) {
    const visible = lookUp(importer, token);
    if (visible !== undefined) return [visible];
  }
  return all.flatMap((module) => module.providers.get(token) ?? []);
}

function imports(matches: (imported: NestModule) => boolean): (module: NestModule) => boolean {
  return (module) => [...module.imports].some(matches);
}

function valueOf(module: NestModule, token: string): unknown {
  return module.providers.get(token)?.instance;
}

function isEntrance(value: unknown, name: string | undefined): boolean {
  return value !== undefined && (value as { readonly name: string | undefined }).name === name;
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

import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Manifest, readManifest } from './manifest.js';

/** A package as it is found from a folder: in the nearest `node_modules`, as Node looks; `undefined` where there is none. */
export function installedPackage(name: string, from: string): Manifest | undefined {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return readManifest(realpathSync(place));
    if (dirname(folder) === folder) return undefined;
  }
}

/** The packages of this software that a project can import, by their names. */
export function flamingockPackages(directory: string): readonly Manifest[] {
  const names = new Set<string>();
  for (let folder = realpathSync(directory); ; folder = dirname(folder)) {
    const scope = join(folder, 'node_modules', '@flamingock');
    if (existsSync(scope)) for (const name of readdirSync(scope)) names.add(`@flamingock/${name}`);
    if (dirname(folder) === folder) break;
  }
  return [...names].sort().flatMap((name) => installedPackage(name, directory) ?? []);
}

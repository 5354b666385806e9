import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRecord } from '../config/config-problem.js';

/** What a project says of itself in its `package.json`. */
export interface Manifest {
  /** The folder in which it stands; absolute. */
  readonly directory: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** What `.js` files are. */
  readonly modules: 'esm' | 'commonjs';
  /** Ranges of everything that is asked for, whatever for, by the names of packages. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** Names of peers that may be missing. */
  readonly optionalPeers: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const KINDS = ['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies'];

/** The `package.json` of a folder, or of the nearest one above; `undefined` where there is none that can be read. */
export function nearestManifest(directory: string): Manifest | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return readManifest(folder);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The `package.json` of exactly this folder; `undefined` where it has none that can be read. */
export function readManifest(directory: string): Manifest | undefined {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(read)) return undefined;
  const { name, version, type, peerDependenciesMeta: meta } = read;
  const texts = (key: string): Readonly<Record<string, string>> => textsOf(read[key]);
  return {
    directory,
    name: typeof name === 'string' ? name : undefined,
    version: typeof version === 'string' ? version : undefined,
    modules: type === 'module' ? 'esm' : 'commonjs',
    dependencies: Object.assign({}, ...KINDS.map(texts)) as Record<string, string>,
    peerDependencies: texts('peerDependencies'),
    optionalPeers: Object.entries(isRecord(meta) ? meta : {})
      .filter(([, peer]) => isRecord(peer) && peer['optional'] === true)
      .map(([peer]) => peer),
    engines: texts('engines'),
    scripts: texts('scripts'),
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

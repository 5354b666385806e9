import semver from 'semver';
import { flamingockPackages, installedPackage } from '../../sources/installed-packages.js';
import type { Manifest } from '../../sources/manifest.js';
import { type PackageManager, installCommand } from '../../sources/package-manager.js';
import { failure, type Finding, ok } from './finding.js';

/** Drivers are told by their shape and are no peers, so their ranges stand here. */
const DRIVERS: Readonly<Record<string, string>> = { pg: '>=8.0.0', mysql2: '>=3.0.0' };

/** Of which a second copy does not know what the first one made: its classes are tokens, its marks are looked for. */
const ONLY_ONCE = ['@flamingock/core', '@flamingock/sql', 'typeorm'];

/** Node, the packages of this software, what they stand on, and second copies of what has to be there once. */
export function versionFindings(manifest: Manifest, manager: PackageManager): readonly Finding[] {
  const { directory } = manifest;
  const packages = flamingockPackages(directory);
  const core = packages.find(({ name }) => name === '@flamingock/core');
  if (core === undefined)
    return [
      failure(
        'packages',
        '@flamingock/core is not installed.',
        installCommand(manager, ['@flamingock/core'], { development: false }) ?? 'Install it.',
      ),
    ];
  return [
    nodeFinding(core),
    sameVersion(packages, manager),
    ...packages.flatMap((found) => peerFindings(found, directory, manager)),
    ...driverFindings(manifest, manager),
    ...ONLY_ONCE.flatMap((name) => copyFindings(name, directory, packages)),
  ];
}

function nodeFinding({ engines: { node: range = '*' } }: Manifest): Finding {
  const { node } = process.versions;
  return semver.satisfies(node, range)
    ? ok('node', node)
    : failure('node', `This is Node ${node}, and Flamingock needs ${range}.`, 'Run another version of Node.');
}

function sameVersion(packages: readonly Manifest[], manager: PackageManager): Finding {
  const versions = new Set(packages.map(({ version }) => version));
  const list = packages.map(({ name = '', version = '?' }) => `${name} ${version}`);
  if (versions.size === 1) return ok('packages', list.join(', '));
  const newest = semver.rsort([...versions].filter((version) => version !== undefined))[0] ?? 'latest';
  const behind = packages.filter(({ version }) => version !== newest);
  return failure(
    'packages',
    `The packages of Flamingock have different versions: ${list.join(', ')}.`,
    installCommand(
      manager,
      behind.map(({ name = '' }) => `${name}@${newest}`),
      { development: false },
    ) ?? 'Give all of them the same version.',
  );
}

/** What a package expects the project to bring along. */
function peerFindings(
  { name = '', directory: place, peerDependencies, optionalPeers }: Manifest,
  directory: string,
  manager: PackageManager,
): readonly Finding[] {
  return Object.entries(peerDependencies)
    .filter(([peer]) => !peer.startsWith('@flamingock/'))
    .flatMap(([peer, range]) => {
      const version = (installedPackage(peer, directory) ?? installedPackage(peer, place))?.version;
      if (version === undefined ? optionalPeers.includes(peer) : fits(version, range)) return [];
      const found = version === undefined ? 'is not installed' : `is ${version}`;
      return [
        failure(
          'packages',
          `${name} needs ${peer} ${range}, which ${found}.`,
          installCommand(manager, [`${peer}@"${range}"`], { development: false }) ?? 'Install it.',
        ),
      ];
    });
}

function driverFindings({ directory, dependencies }: Manifest, manager: PackageManager): readonly Finding[] {
  return Object.entries(DRIVERS).flatMap(([name, range]) => {
    const version = name in dependencies ? installedPackage(name, directory)?.version : undefined;
    if (version === undefined || fits(version, range)) return [];
    return [
      failure(
        'packages',
        `${name} is ${version}, and @flamingock/sql needs ${range}.`,
        installCommand(manager, [`${name}@latest`], { development: false }) ?? 'Install another version.',
      ),
    ];
  });
}

function copyFindings(name: string, directory: string, packages: readonly Manifest[]): readonly Finding[] {
  const nest = ['@nestjs/typeorm'].flatMap((user) => installedPackage(user, directory) ?? []);
  const users = [directory, ...[...packages, ...nest].map((user) => user.directory)];
  const copies = new Map(
    users
      .flatMap((user) => installedPackage(name, user) ?? [])
      .map((copy) => [copy.directory, `${copy.version ?? '?'} in ${copy.directory}`]),
  );
  if (copies.size < 2) return [];
  return [
    failure(
      'packages',
      `There are ${copies.size} copies of ${name}, and a class of the one is not that of the other: ${[...copies.values()].join('; ')}.`,
      'Let all of them take the same version (`npm dedupe`, or the overrides of package.json), and install again.',
    ),
  ];
}

function fits(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}

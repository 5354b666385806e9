import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * `node tools/checks/declarations.mjs`, in the folder of a built package: its declarations import only what is there
 * wherever the package is, so the package itself, its dependencies and the peers that are not optional. An import of
 * anything else breaks the type-check of everybody who has `skipLibCheck: false` and not that library.
 */
const { name, dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
const optional = Object.keys(peerDependenciesMeta ?? {}).filter(
  (peer) => peerDependenciesMeta[peer].optional,
);
const there = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })]);
for (const peer of optional) there.delete(peer);

/**
 * The package that an import is of; `undefined` for a file of this one.
 *
 * @param {string} specifier
 */
function packageOf(specifier) {
  if (specifier.startsWith('.')) return undefined;
  // The types of Node's own modules come with a package.
  if (isBuiltin(specifier)) return '@types/node';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** @param {string} file */
function importsOf(file) {
  const { importedFiles, typeReferenceDirectives, ambientExternalModules } = ts.preProcessFile(
    readFileSync(file, 'utf8'),
  );
  return [
    ...importedFiles.map(({ fileName }) => fileName),
    ...(ambientExternalModules ?? []),
    // `/// <reference types="node" />`
    ...typeReferenceDirectives.map(({ fileName }) => (fileName === 'node' ? 'node:module' : fileName)),
  ];
}

const files = readdirSync('dist', { encoding: 'utf8', recursive: true })
  .filter((file) => /\.d\.[cm]?ts$/.test(file))
  .map((file) => join('dist', file))
  .sort();

const complaints = files.flatMap((file) =>
  [...new Set(importsOf(file).map(packageOf))]
    .filter((imported) => imported !== undefined && !there.has(imported))
    .map((imported) => `${file} imports ${imported}, which is not there wherever ${name} is installed`),
);
if (files.length === 0) complaints.push(`${name} has no declarations: build it first`);

console.log(complaints.length > 0 ? complaints.join('\n') : `${files.length} declarations of ${name}`);
process.exitCode = complaints.length > 0 ? 1 : 0;

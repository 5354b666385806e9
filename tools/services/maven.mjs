import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './installation.mjs';

/** Where servers from Maven are kept from one run to the next, outside of the checkout. */
const CACHE = join(homedir(), '.cache/flamingock');

/** What they need of Debian's: a `java` to run with and a `mvn` to fetch with. */
const PACKAGES = ['default-jre-headless', 'maven'];

/**
 * Makes the folder `$1`, whole or not at all, from what `fetch` (`$2`, with the arguments `$3…`) leaves in the folder
 * that it is called with. Maven's repository beside it belongs to one process at a time.
 */
const SCRIPT = `
set -e
folder=$1; shift
[ -e "$folder" ] && exit
part="$folder.part"; repository="$(dirname "$folder")/maven"
rm -rf "$part"; mkdir -p "$part"
maven() { mvn -q -B "-Dmaven.repo.local=$repository" "$@"; }
jars() {
  printf '%s' "$2" >"$1/pom.xml"
  maven -f "$1/pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$1"
  rm "$1/pom.xml"
}
archive() {
  maven dependency:get -Dtransitive=false "-Dartifact=$2"
  tar xzf "$repository/$3" -C "$1"
  rm "$repository/$3"
}
fetch=$1; shift
"$fetch" "$part" "$@"
mv "$part" "$folder"
`;

/** @typedef {Required<Pick<import('./installation.mjs').Service, 'packages' | 'find' | 'make'>> & { readonly folder: string }} FromMaven */

/**
 * The jars of some artifacts and of all that they need, in one folder: run them with `java -cp '<folder>/*'`.
 *
 * @param {string} name of the folder, with the release in it: another release is another folder
 * @param {readonly string[]} artifacts as `group:artifact:version`
 * @returns {FromMaven}
 */
export function jarsFromMaven(name, artifacts) {
  const dependencies = artifacts.map((artifact) => {
    const [groupId, artifactId, version] = artifact.split(':');
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
  });
  const pom = `<project><modelVersion>4.0.0</modelVersion><groupId>flamingock</groupId><artifactId>${name}</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>`;
  return fromMaven(name, ['jars', pom]);
}

/**
 * The files of an artifact that is an archive (`tar.gz`), unpacked into one folder.
 *
 * @param {string} name of the folder, with the release in it: another release is another folder
 * @param {string} artifact as `group:artifact:version:tar.gz:classifier`
 * @returns {FromMaven}
 */
export function archiveFromMaven(name, artifact) {
  const [group = '', id, version, type, classifier] = artifact.split(':');
  const file = join(...group.split('.'), `${id}/${version}/${id}-${version}-${classifier}.${type}`);
  return fromMaven(name, ['archive', artifact, file]);
}

/**
 * @param {string} name
 * @param {readonly string[]} fetch
 * @returns {FromMaven}
 */
function fromMaven(name, fetch) {
  const folder = join(CACHE, name);
  return {
    folder,
    packages: PACKAGES,
    find: () => (findProgram('java') !== undefined && existsSync(folder) ? folder : undefined),
    async make() {
      await mkdir(CACHE, { recursive: true });
      const lock = join(dirname(folder), 'maven.lock');
      await promisify(execFile)('flock', [lock, 'sh', '-c', SCRIPT, basename(folder), folder, ...fetch]);
    },
  };
}

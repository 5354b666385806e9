import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A server, or another program, that tests may ask for: `packages` are Debian's; `variable` names a running server, or
 * an executable, which then is used instead; `find` gives the path of its program where it is installed; `make` brings one that no package of Debian's
 * does, for which the packages are needed, if there are any.
 *
 * @typedef {object} Service
 * @property {string} name
 * @property {readonly string[]} packages
 * @property {string} [variable]
 * @property {() => string | undefined} find
 * @property {() => Promise<unknown>} [make]
 */

/** @typedef {{ readonly root: boolean, readonly aptGet: string | undefined }} Machine */

/** The `code` of the error that is thrown where a server cannot be had on this machine. */
export const SERVER_MISSING = 'SERVER_MISSING';

/**
 * Installs the packages `$2…` with the apt-get at `$1`. No service is started meanwhile: the tests start their
 * own. The lists of packages are renewed only where they have to be.
 */
const SCRIPT = `
apt_get=$1; shift
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' >$policy
  chmod +x $policy
fi
get() { "$apt_get" -qq -o DPkg::Lock::Timeout=600 "$@"; }
add() { get install --yes --no-install-recommends "$@"; }
add "$@" || { get update && add "$@"; }
`;

/**
 * The path of a service's program. Where it is missing, root installs it with apt-get; processes that do so at
 * once wait for each other.
 *
 * @param {Service} service
 * @param {Machine} [machine]
 * @throws {Error} with the code `SERVER_MISSING` where it cannot be had; the message says what to do
 */
export async function install(service, machine = thisMachine()) {
  const found = service.find();
  if (found !== undefined) return found;
  if (service.make !== undefined) {
    console.error(`Installing ${service.name}.`);
    const made = await service.make().then(service.find, (/** @type {unknown} */ error) => {
      if (service.packages.length === 0) throw missing(service, `it could not be made:\n${String(error)}\n`);
      return undefined;
    });
    if (made !== undefined) return made;
  }
  if (machine.aptGet === undefined) throw missing(service, 'there is no apt-get here to install it');
  if (!machine.root) throw missing(service, 'only root can install it');

  console.error(`Installing ${service.packages.join(' ')}.`);
  try {
    // In a session of its own: Ctrl-C in a terminal must not leave a package half installed.
    const args = ['--wait', 'flock', '/var/lock/flamingock', 'sh', '-c', SCRIPT, 'sh', machine.aptGet];
    await promisify(execFile)('setsid', [...args, ...service.packages], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    const { stderr } = /** @type {{ stderr?: string }} */ (error);
    throw missing(service, `apt-get could not install it:\n${stderr?.trim() ?? String(error)}\n`);
  }
  await service.make?.().catch((/** @type {unknown} */ error) => {
    throw missing(service, `it could not be made:\n${String(error)}\n`);
  });
  const installed = service.find();
  if (installed === undefined) throw missing(service, 'its package did not bring it');
  return installed;
}

/**
 * The address of a running server, or the path of an executable, that the person has named for a service.
 *
 * @param {Service} service
 */
export function named({ variable }) {
  return (variable !== undefined && process.env[variable]) || undefined;
}

/**
 * The path of a program: in one of the folders, or on the `PATH`.
 *
 * @param {string} program
 * @param {readonly string[]} [folders]
 */
export function findProgram(program, folders = []) {
  return [...folders, ...(process.env['PATH'] ?? '').split(':')]
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * The subfolders of a folder, the highest version first; none where there is no such folder.
 *
 * @param {string} folder
 */
export function versionsIn(folder) {
  try {
    return readdirSync(folder)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** @returns {Machine} */
function thisMachine() {
  return { root: process.getuid?.() === 0, aptGet: findProgram('apt-get') };
}

/**
 * @param {Service} service
 * @param {string} why
 */
function missing({ name, packages, variable }, why) {
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  const how = packages.length === 0 ? '' : ` (on Debian, as root: ${command})`;
  const instead = variable === undefined ? '' : `, or name one in ${variable}`;
  const message = `${name} is not installed, and ${why}. Install it${how}${instead}.`;
  return Object.assign(new Error(message), { code: SERVER_MISSING });
}

import { findProgram, install, named } from './installation.mjs';

/**
 * A browser: a program that a test drives, and no server.
 *
 * @type {import('./installation.mjs').Service}
 */
export const chromium = {
  name: 'Chromium',
  packages: ['chromium'],
  variable: 'FLAMINGOCK_TEST_CHROMIUM',
  find: () => findProgram('chromium'),
};

/**
 * The path of the executable: the one that `FLAMINGOCK_TEST_CHROMIUM` names, or Debian's, which is installed where it
 * is missing.
 *
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 */
export async function chromiumExecutable() {
  return named(chromium) ?? (await install(chromium));
}

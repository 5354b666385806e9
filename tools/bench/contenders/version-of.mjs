import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where peers are installed: those that the repository works with as well are not installed twice. */
const FOLDERS = ['../node_modules', '../../../node_modules'].map((folder) =>
  join(import.meta.dirname, folder),
);

/**
 * The version of an installed peer.
 *
 * @param {string} name
 * @returns {string}
 */
export function versionOf(name) {
  const file = FOLDERS.map((folder) => join(folder, name, 'package.json')).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${name} is not installed`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

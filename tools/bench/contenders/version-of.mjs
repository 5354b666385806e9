import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The version of an installed peer.
 *
 * @param {string} name
 * @returns {string}
 */
export function versionOf(name) {
  const file = join(import.meta.dirname, '../node_modules', name, 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ project: string, target: string }} Gate */

const root = join(import.meta.dirname, '../..');

/** @param {string} folder */
const subfolders = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name));

/**
 * Every gate of the repository: each target of each `project.json`.
 *
 * @returns {Gate[]}
 */
export function gates() {
  return ['.', ...subfolders('packages'), ...subfolders('apps'), 'e2e']
    .map((folder) => join(root, folder, 'project.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
    .flatMap(({ name, targets }) => Object.keys(targets).map((target) => ({ project: name, target })));
}

import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = 'e2e/frameworks';

/**
 * The applications that the framework contract is run on, each declared in the `subjects.ts` of its folder.
 *
 * @returns {Promise<import('../../e2e/frameworks/harness/subject.ts').FrameworkSubject[]>}
 */
export async function frameworkSubjects() {
  const files = readdirSync(FOLDER)
    .map((name) => resolve(FOLDER, name, 'subjects.ts'))
    .filter((file) => existsSync(file));
  const found = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  return found.flatMap(({ subjects }) => subjects);
}

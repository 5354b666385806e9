import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {Record<string, Record<string, string>>} Results what came of each case, by application */

/** What the last run of each application came to. */
const KEPT = join(import.meta.dirname, 'results.json');

/** @returns {Results} */
export const keptResults = () => (existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {});

/**
 * Runs the framework contract and keeps what came of it, beside what is kept of the applications that it was not run on.
 *
 * @param {readonly string[]} folders of `e2e/frameworks`; none: all
 */
export function runContract(folders) {
  const scratch = mkdtempSync(join(tmpdir(), 'flamingock-frameworks-'));
  const results = join(scratch, 'results.json');
  const files = `e2e/frameworks/(${folders.length === 0 ? '[^/]+' : folders.join('|')})/contract\\.int`;
  try {
    spawnSync(
      'npm',
      ['run', '--silent', 'jest', '--', '--maxWorkers=2', '--json', `--outputFile=${results}`, files],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const run = resultsIn(JSON.parse(readFileSync(results, 'utf8')));
    writeFileSync(KEPT, `${JSON.stringify({ ...keptResults(), ...run }, null, 2)}\n`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * @param {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} jest
 * @returns {Results}
 */
function resultsIn({ testResults }) {
  /** @type {Results} */
  const results = {};
  for (const { ancestorTitles, title, status } of testResults.flatMap((file) => file.assertionResults)) {
    const [subject = ''] = ancestorTitles;
    results[subject] = { ...results[subject], [title]: status };
  }
  return results;
}

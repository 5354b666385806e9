import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs the framework contract on all of its applications.
 *
 * @returns {(subject: string, name: string) => boolean} whether an application has passed a case
 */
export function runContract() {
  const scratch = mkdtempSync(join(tmpdir(), 'flamingock-frameworks-'));
  const results = join(scratch, 'results.json');
  const files = 'e2e/frameworks/[^/]+/contract\\.int';
  try {
    spawnSync(
      'npm',
      ['run', '--silent', 'jest', '--', '--runInBand', '--json', `--outputFile=${results}`, files],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    /** @type {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} */
    const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
    const passed = new Set(
      testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === 'passed')
        .map(({ ancestorTitles: [subject = ''], title }) => keyOf(subject, title)),
    );
    return (subject, name) => passed.has(keyOf(subject, name));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * @param {string} subject
 * @param {string} name
 */
const keyOf = (subject, name) => `${subject}\n${name}`;

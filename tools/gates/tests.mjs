import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGate } from './report.mjs';

/**
 * `node tools/gates/tests.mjs <path> [workers]`: a gate that counts each test whose path in the repository begins so. The
 * path is a regular expression. Nx runs two gates at a time, so Jest needs one worker; more are for a gate that runs alone
 * and waits most of the time.
 */
const [path, workers = '1'] = process.argv.slice(2);
if (path === undefined) throw new Error('Usage: node tools/gates/tests.mjs <path> [workers]');

/** How long Jest may take to end after its last test, and in all. In milliseconds. */
const TO_END = 5_000;
const IN_ALL = 1_200_000;

const scratch = mkdtempSync(join(tmpdir(), 'flamingock-jest-'));
const results = join(scratch, 'results.json');
/** Where tests say why they skip: see `tools/services/describe-with.mjs`. */
const skipped = join(scratch, 'skipped');

/** @returns {import('./report.mjs').Counts} all zero when Jest died before it could tell */
function counted() {
  try {
    const jest = JSON.parse(readFileSync(results, 'utf8'));
    return {
      passed: jest.numPassedTests,
      // A suite that could not start has no tests to count.
      failed: jest.numFailedTests + jest.numRuntimeErrorTestSuites,
      skipped: jest.numPendingTests + jest.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Why tests were skipped, each reason once. */
function reasons() {
  const lines = existsSync(skipped) ? readFileSync(skipped, 'utf8').trimEnd().split('\n') : [];
  return [...new Set(lines)];
}

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  `--maxWorkers=${workers}`,
  '--json',
  `--outputFile=${results}`,
  `./${path}`,
];

const end = new AbortController();
setTimeout(() => end.abort(`Jest ran for ${IN_ALL} ms and was ended.`), IN_ALL).unref();
const watch = setInterval(() => {
  if (!existsSync(results)) return;
  clearInterval(watch);
  setTimeout(() => end.abort('Jest did not end: a test has left something open.'), TO_END).unref();
}, 200).unref();

/** @param {boolean} passed */
function count(passed) {
  const counts = { ...counted(), reasons: reasons() };
  rmSync(scratch, { recursive: true });
  // Jest also fails where no test does: it crashed, found no test at all, or did not end.
  return passed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

await runGate(process.execPath, jest, count, {
  signal: end.signal,
  killSignal: 'SIGKILL',
  env: { ...process.env, FLAMINGOCK_TEST_SKIPPED: skipped },
});

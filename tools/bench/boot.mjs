import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved } from './interleaved.mjs';
import { median, quartiles, rounded } from './statistics.mjs';
import { allMet } from './target.mjs';

/** How often each application is started. */
const LIMITS = { rounds: 40, budgetMs: 60_000 };

/** Applications in the folder `boot`, with the package that tells the framework's version. */
const APPLICATIONS = /** @type {const} */ ([
  ['node:http', 'node-http.mjs', undefined],
  ['Express', 'express.mjs', 'express'],
  ['Fastify', 'fastify.mjs', 'fastify'],
  ['NestJS', 'nestjs.mjs', '@nestjs/core'],
]);

/**
 * @typedef {object} BootOf
 * @property {string} framework with its version
 * @property {number} starts how often each of the two was timed
 * @property {number} without median milliseconds from the start of the process until it listens
 * @property {number} with
 * @property {number} adds milliseconds: the median of what each start took longer than the one right before it
 * @property {readonly [low: number, high: number]} middleHalf between which half of these differences lie
 * @property {number} ratio the median of the ratios of each to the one right before it
 */

/**
 * `boot`: the start of a whole application with nothing pending, beside the same one without this software.
 *
 * @param {import('./databases/postgres.mjs').PostgresBench} server
 * @param {(line: string) => void} say
 */
export async function measureBoot(server, say) {
  const { url } = await server.createDatabase();
  /** @type {BootOf[]} */
  const applications = [];
  for (const [framework, file, library] of APPLICATIONS) {
    say(`boot: ${framework}`);
    const start = (/** @type {'yes' | 'no'} */ flamingock) => () => untilListening(file, url, flamingock);
    // The first one applies the changes.
    await start('yes')();
    const [without = [], having = []] = await interleaved([start('no'), start('yes')], LIMITS);
    const starts = Math.min(without.length, having.length);
    const pairs = without.slice(0, starts).map((before, index) => [before, having[index] ?? NaN]);
    const added = pairs.map(([before = NaN, after = NaN]) => after - before);
    const [low, high] = quartiles(added);
    applications.push({
      framework: library === undefined ? framework : `${framework} ${versionOf(library)}`,
      starts,
      without: rounded(median(without)),
      with: rounded(median(having)),
      adds: rounded(median(added)),
      middleHalf: [rounded(low), rounded(high)],
      ratio: rounded(median(pairs.map(([before = NaN, after = NaN]) => after / before))),
    });
  }
  /** @type {import('./target.mjs').Target[]} */
  const targets = [];
  return { applications, targets, ok: allMet(targets) };
}

/**
 * Starts one application, and returns after how many milliseconds it listened.
 *
 * @param {string} file
 * @param {string} url
 * @param {'yes' | 'no'} flamingock
 */
async function untilListening(file, url, flamingock) {
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'boot', file)], {
    env: { ...process.env, DATABASE_URL: url, FLAMINGOCK: flamingock },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const milliseconds = performance.now() - started;
  child.kill('SIGKILL');
  if (String(line) !== 'listening\n') throw new Error(`boot/${file} ended before it listened`);
  await ended;
  return milliseconds;
}

/** @param {string} library */
function versionOf(library) {
  const file = join(import.meta.dirname, '../../node_modules', library, 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

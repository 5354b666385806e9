import './install.mjs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ended, endings, start } from './child.mjs';

/**
 * Installs and builds what applications need: those that are named, or else those of `npm start`. Says little, unless
 * something fails.
 */
const root = join(import.meta.dirname, '../..');
const projects = process.argv.length > 2 ? process.argv.slice(2) : ['platform', 'orders-nestjs'];
const started = performance.now();

process.stdout.write('Building … ');
for (const signal of endings) process.on(signal, () => nx.kill(signal));
const nx = start(
  process.execPath,
  ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', '-p', ...projects, '--outputStyle=static'],
  { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
);
let said = '';
for (const stream of [nx.stdout, nx.stderr]) stream?.on('data', (chunk) => (said += chunk));

const code = await ended(nx);
const stopped = endings.some((signal) => code === 128 + constants.signals[signal]);
const failure = stopped ? 'stopped' : `failed\n${said}`;
console.log(code === 0 ? `done in ${((performance.now() - started) / 1000).toFixed(1)} s` : failure);
process.exitCode = code;

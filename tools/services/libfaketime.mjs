import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { install, versionsIn } from './installation.mjs';

/**
 * A library below a process that tells it another time.
 *
 * @type {import('./installation.mjs').Service}
 */
export const libfaketime = {
  name: 'libfaketime',
  packages: ['libfaketime'],
  find: () =>
    versionsIn('/usr/lib')
      .map((folder) => join(folder, 'faketime/libfaketimeMT.so.1'))
      .find((file) => existsSync(file)),
};

/**
 * - `wall`: only what tells the date; what measures durations goes on as it is.
 * - `all`: both clocks are moved together.
 *
 * @typedef {'wall' | 'all'} Clocks
 */

/** @typedef {Awaited<ReturnType<typeof createFakeClock>>} FakeClock */

/**
 * Clocks of processes that can be moved while these run. It is right at first.
 *
 * @param {string} file a path that nobody else uses
 * @param {{ readonly clocks?: Clocks }} [options] which of them are moved; default `wall`
 * @throws {Error} with the code `SERVER_MISSING`, see `install`
 */
export async function createFakeClock(file, { clocks = 'wall' } = {}) {
  const library = await install(libfaketime);
  const clock = {
    /** What a process needs in its environment. */
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      // Otherwise the file is read every ten seconds.
      FAKETIME_NO_CACHE: '1',
      ...(clocks === 'wall' ? { FAKETIME_DONT_FAKE_MONOTONIC: '1' } : {}),
    },
    /** @param {number} offsetMs how far the clocks are ahead, in milliseconds; below zero: behind */
    async move(offsetMs) {
      // In one step: a process that finds half a file ends.
      await writeFile(`${file}.next`, `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / 1000}`);
      await rename(`${file}.next`, file);
    },
  };
  await clock.move(0);
  return clock;
}

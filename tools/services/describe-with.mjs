import { describe } from '@jest/globals';
import { appendFileSync } from 'node:fs';
import { SERVER_MISSING, install, named } from './installation.mjs';

/**
 * Jest's `describe` for tests that need servers. What is missing is installed here, before the clock of any test
 * runs. Where a server cannot be had, the tests are skipped and `npm test` tells why; in CI (`CI` is set) their file
 * fails.
 *
 * ```ts
 * const describeWithPostgres = await describeWith(postgres);
 *
 * describeWithPostgres('…', () => {
 *   let server: Postgres;
 *   beforeAll(async () => void (server = await startPostgres()));
 *   afterAll(() => server.stop());
 * ```
 *
 * A function in place of a server fetches something else beforehand, and rejects with the code `SERVER_MISSING` where
 * it cannot.
 *
 * @param {(import('./installation.mjs').Service | (() => Promise<unknown>))[]} needs
 */
export async function describeWith(...needs) {
  try {
    for (const need of needs) {
      if (typeof need === 'function') await need();
      else if (named(need) === undefined) await install(need);
    }
    return describe;
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    if (code !== SERVER_MISSING || process.env['CI']) throw error;
    console.warn(`Skipped: ${message}`);
    // The gate of `npm test` collects here why it skips.
    const file = process.env['FLAMINGOCK_TEST_SKIPPED'];
    if (file !== undefined) appendFileSync(file, `${message.replaceAll('\n', ' ')}\n`);
    return describe.skip;
  }
}

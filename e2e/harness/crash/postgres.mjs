import pg from 'pg';
import { startPostgres } from '../../../tools/services/postgres.mjs';
import { sqlEffects } from './sql-effects.mjs';

/** @typedef {import('./systems.mjs').Place} Place */

const PLACES = /** @type {const} */ (['audit', 'orders']);

/**
 * Two databases, in each of which a trial has a schema.
 *
 * @param {import('../sandbox.mjs').Sandbox} sandbox
 * @returns {Promise<import('./systems.mjs').WatchedSystem>}
 */
export async function openPostgres(sandbox) {
  const server = await startPostgres();
  sandbox.onClose(() => server.stop());
  const urls = {
    audit: (await server.createDatabase()).url,
    orders: (await server.createDatabase()).url,
  };
  const poolOf = (/** @type {string} */ connectionString) => {
    const pool = new pg.Pool({ connectionString, max: 4 });
    sandbox.onClose(() => pool.end());
    return pool;
  };
  const pools = { audit: poolOf(urls.audit), orders: poolOf(urls.orders) };
  return {
    address: (_, place) => urls[place],
    async prepare({ name }) {
      for (const place of PLACES) await pools[place].query(`CREATE SCHEMA ${name}`);
    },
    ...sqlEffects('bigserial', async (_, place, sql) => (await pools[place].query(sql)).rows),
  };
}

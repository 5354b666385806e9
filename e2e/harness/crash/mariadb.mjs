import mysql from 'mysql2/promise';
import { startMariadb } from '../../../tools/services/mariadb.mjs';
import { sqlEffects } from './sql-effects.mjs';

/**
 * Two databases, in each of which the tables of a trial begin with its name.
 *
 * @param {import('../sandbox.mjs').Sandbox} sandbox
 * @returns {Promise<import('./systems.mjs').WatchedSystem>}
 */
export async function openMariadb(sandbox) {
  const server = await startMariadb();
  sandbox.onClose(() => server.stop());
  const urls = {
    audit: (await server.createDatabase()).url,
    orders: (await server.createDatabase()).url,
  };
  const poolOf = (/** @type {string} */ uri) => {
    const pool = mysql.createPool({ uri, connectionLimit: 4 });
    sandbox.onClose(() => pool.end());
    return pool;
  };
  const pools = { audit: poolOf(urls.audit), orders: poolOf(urls.orders) };
  return {
    address: (_, place) => urls[place],
    ...sqlEffects('bigint AUTO_INCREMENT PRIMARY KEY', async (_, place, sql) => {
      const [rows] = await pools[place].query(sql);
      return Array.isArray(rows) ? /** @type {import('./sql-effects.mjs').Rows} */ (rows) : [];
    }),
  };
}

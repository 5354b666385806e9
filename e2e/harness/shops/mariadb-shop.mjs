import mysql from 'mysql2/promise';
import { OUTCOMES, outcomesOf } from './shop.mjs';

/**
 * On MariaDB; the ledger is in it.
 *
 * @param {string} url of an empty database
 * @returns {Promise<import('./shop.mjs').Shop>}
 */
export async function openMariadbShop(url) {
  const pool = mysql.createPool(url);

  /** @param {string} statement */
  async function select(statement) {
    const [rows] = await pool.query(statement);
    return /** @type {Readonly<Record<string, unknown>>[]} */ (rows);
  }

  await pool.query(`CREATE TABLE orders (
    id int AUTO_INCREMENT PRIMARY KEY, item varchar(20) NOT NULL, quantity int NOT NULL)`);
  await pool.query(`INSERT INTO orders (item, quantity) VALUES ('tea', 2), ('kettle', 1)`);
  return {
    environment: { DATABASE_URL: url },
    orders: () => select('SELECT * FROM orders ORDER BY id'),
    async ledger() {
      const found = await select(`SHOW TABLES LIKE 'flamingock_ledger'`);
      return found.length === 0 ? [] : outcomesOf(await select(OUTCOMES));
    },
    close: () => pool.end(),
  };
}

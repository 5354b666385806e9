import Database from 'better-sqlite3';
import pg from 'pg';

/**
 * The one database of an application: PostgreSQL where `DATABASE_URL` names one, or else the file `DATABASE_FILE`.
 *
 * @typedef {object} OrdersDatabase
 * @property {pg.Pool | Database.Database} driver
 * @property {(sql: string) => Promise<unknown[]>} rows
 * @property {() => Promise<void>} close
 */

/** @returns {OrdersDatabase} */
export function openDatabase() {
  const { DATABASE_URL, DATABASE_FILE = '' } = process.env;
  return DATABASE_URL === undefined ? sqlite(DATABASE_FILE) : postgres(DATABASE_URL);
}

/**
 * @param {string} connectionString
 * @returns {OrdersDatabase}
 */
function postgres(connectionString) {
  const pool = new pg.Pool({ connectionString });
  return {
    driver: pool,
    rows: async (sql) => (await pool.query(sql)).rows,
    close: () => pool.end(),
  };
}

/**
 * @param {string} file
 * @returns {OrdersDatabase}
 */
function sqlite(file) {
  const database = new Database(file);
  return {
    driver: database,
    rows: async (sql) => {
      const statement = database.prepare(sql);
      return statement.reader ? statement.all() : (statement.run(), []);
    },
    close: async () => void database.close(),
  };
}

import pg from 'pg';

/**
 * A pool as an application has it when it starts: with open connections.
 *
 * @param {string} url
 */
export async function warmPool(url) {
  const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis: 0 });
  // After a failure the server is stopped while pools are open: their complaints must not hide it.
  pool.on('error', () => {});
  await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 1'), pool.query('SELECT 1')]);
  return pool;
}

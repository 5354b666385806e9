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

/**
 * What is sent with pg while some work is done, as the work hands it over.
 *
 * @param {() => Promise<unknown>} work
 */
export async function queriesIn(work) {
  const clients = pg.Client.prototype;
  const original = Object.getOwnPropertyDescriptor(clients, 'query') ?? {};
  /** @type {unknown[]} */
  const queries = [];
  /** @this {import('pg').Client} @param {unknown[]} args */
  function recorded(...args) {
    queries.push(args[0]);
    return Reflect.apply(original.value, this, args);
  }
  Object.defineProperty(clients, 'query', { ...original, value: recorded });
  try {
    await work();
  } finally {
    Object.defineProperty(clients, 'query', original);
  }
  return queries;
}

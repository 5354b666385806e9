import pg from 'pg';

/** The name under which this folder's own clients connect: what they send is not told to the tests. */
export const OWN_CLIENT = 'flamingock-services';

/**
 * Runs one statement on a connection of its own.
 *
 * @param {string} url
 * @param {string} statement
 */
export async function execute(url, statement) {
  const client = new pg.Client({
    connectionString: url,
    application_name: OWN_CLIENT,
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks fails the query; without a listener it would end this process as well.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Whether the server at this address answers.
 *
 * @param {string} url
 * @param {string} [question] default `SELECT 1`
 */
export async function answers(url, question = 'SELECT 1') {
  try {
    await execute(url, question);
    return true;
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    // 57P03: it is starting up.
    if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === '57P03') return false;
    throw error;
  }
}

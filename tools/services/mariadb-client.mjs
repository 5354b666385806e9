import { createConnection } from 'mysql2/promise';

/**
 * Runs one statement on a connection of its own.
 *
 * @param {string} url
 * @param {string} statement
 */
export async function execute(url, statement) {
  await withClient(url, (client) => client.query(statement));
}

/**
 * @param {string} url
 * @param {(client: import('mysql2/promise').Connection) => Promise<unknown>} use
 */
export async function withClient(url, use) {
  const client = await createConnection({ uri: url, connectTimeout: 5_000 });
  // A connection that breaks fails the query; without a listener it would end this process as well.
  client.on('error', () => {});
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

/**
 * Whether the server at this address answers.
 *
 * @param {string} url
 */
export async function answers(url) {
  try {
    await execute(url, 'SELECT 1');
    return true;
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'PROTOCOL_CONNECTION_LOST') return false;
    throw error;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
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
  await withClient(url, (client) => client.query(statement));
}

/**
 * Changes a setting of the whole server, and waits until a connection that was open before knows of it.
 *
 * @param {string} url of a superuser
 * @param {string} name
 * @param {string} value as the server shows it
 */
export async function set(url, name, value) {
  await withClient(url, async (client) => {
    await client.query(`ALTER SYSTEM SET ${name} = ${client.escapeLiteral(value)}`);
    await client.query('SELECT pg_reload_conf()');
    while ((await client.query(`SHOW ${name}`)).rows[0]?.[name] !== value) await pause(10);
  });
}

/**
 * @param {string} url
 * @param {(client: pg.Client) => Promise<unknown>} use
 */
async function withClient(url, use) {
  const client = new pg.Client({
    connectionString: url,
    application_name: OWN_CLIENT,
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks fails the query; without a listener it would end this process as well.
  client.on('error', () => {});
  await client.connect();
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

import { join } from 'node:path';
import pg from 'pg';
import { Sandbox } from '../../e2e/harness/sandbox.mjs';
import { command, interruptedBackfill } from './backfill/interrupted.mjs';
import { ordersOf } from './backfill/orders.mjs';
import { ask } from './databases/postgres.mjs';
import { rounded } from './statistics.mjs';
import { allMet, atMost } from './target.mjs';

/** How often everybody fills a table of its own, in turns. */
const ROUNDS = 2;
const BATCH = 2000;
const PLAIN_LOOP = join(import.meta.dirname, 'backfill/plain-loop.mjs');

/** @typedef {import('./backfill/interrupted.mjs').Backfill} Backfill */

/**
 * @typedef {object} FillOf
 * @property {string} name
 * @property {number} seconds for all rows, the mean
 * @property {number} rowsPerSecond
 * @property {number} ratio of its time to that of the plain loop
 */

/** @typedef {Awaited<ReturnType<typeof measureBackfill>>} BackfillMeasured */

/**
 * `backfill`: filling a column of many rows by the command line, beside a plain loop over the same batches; and the same
 * backfill killed twice.
 *
 * @param {import('./databases/postgres.mjs').PostgresBench} server
 * @param {number} rows
 * @param {(line: string) => void} say
 */
export async function measureBackfill(server, rows, say) {
  const sandbox = await Sandbox.open();
  /** @type {<T>(work: (backfill: Backfill) => Promise<T>) => Promise<T>} */
  const prepared = (work) => withOrders(server, rows, work);
  try {
    const contenders = [
      { name: 'plain loop', fill: looping(sandbox, 'no') },
      { name: 'plain loop that writes down its place', fill: looping(sandbox, 'yes') },
      { name: 'flamingock apply', fill: applying(sandbox) },
    ];
    const taken = contenders.map(() => 0);
    for (let round = 1; round <= ROUNDS; round += 1)
      for (const [index, { name, fill }] of contenders.entries()) {
        say(`backfill: ${name}, ${round} of ${ROUNDS}`);
        taken[index] = (taken[index] ?? 0) + (await prepared(fill)) / ROUNDS;
      }
    say('backfill: killed twice');
    const killed = await prepared((backfill) => interruptedBackfill(sandbox, backfill));
    const targets = targetsOf(killed, rows);
    return {
      rows,
      batch: BATCH,
      fills: contenders.map(({ name }, index) => {
        const milliseconds = taken[index] ?? NaN;
        return {
          name,
          seconds: rounded(milliseconds / 1000),
          rowsPerSecond: rounded((rows / milliseconds) * 1000),
          ratio: rounded(milliseconds / (taken[0] ?? NaN)),
        };
      }),
      killed: {
        seconds: rounded(killed.seconds),
        runs: killed.runs.map(({ after, last, batches }) => ({ after, last, batches })),
        repeated: killed.repeated,
        replicas: killed.leftWhenReady.length,
      },
      targets,
      ok: allMet(targets),
    };
  } finally {
    await sandbox.close();
  }
}

/**
 * @param {import('./backfill/interrupted.mjs').InterruptedBackfill} killed
 * @param {number} rows
 */
function targetsOf({ filledOnce, rowsOfRepeated, leftWhenReady, readyEarly }, rows) {
  const notAtTheEnd = leftWhenReady.filter((left) => left !== 0).length + readyEarly;
  return [
    atMost('rows that were not changed exactly once', rows - filledOnce, 0),
    atMost('rows that a repeated batch has changed', rowsOfRepeated, 0),
    atMost('replicas that did not go on at its end', notAtTheEnd, 0),
  ];
}

/**
 * @param {Sandbox} sandbox
 * @param {'yes' | 'no'} PLACE whether it writes down how far it has come
 * @returns {(backfill: Backfill) => Promise<number>} milliseconds
 */
const looping =
  (sandbox, PLACE) =>
  async ({ databases }) => {
    const child = sandbox.start('plain loop', [PLAIN_LOOP], { ...databases, BATCH: String(BATCH), PLACE });
    await child.exited;
    const [, took] = await child.line(/^took ([\d.]+) ms$/);
    return Number(took);
  };

/**
 * What the change itself took, by its ledger; the start of the process and the other changes are not part of it.
 *
 * @param {Sandbox} sandbox
 * @returns {(backfill: Backfill) => Promise<number>} milliseconds
 */
const applying = (sandbox) => async (backfill) => {
  const child = command(sandbox, backfill, ['apply', '--json']);
  await child.exited;
  const [result] = await child.line(/^\{"type":"result".*/);
  /** @type {import('@flamingock/core').RunReport} */
  const { applied } = JSON.parse(result);
  return applied.find(({ id }) => id === 'fill-payment-method')?.durationMs ?? NaN;
};

/**
 * Does some work with a table of rows to fill, and beside it a database for the ledger. Afterwards the table is gone.
 *
 * @template T
 * @param {import('./databases/postgres.mjs').PostgresBench} server
 * @param {number} rows
 * @param {(backfill: Backfill) => Promise<T>} work
 */
async function withOrders(server, rows, work) {
  const [orders, audit] = [await server.createDatabase(), await server.createDatabase()];
  for (const statement of ordersOf(rows)) await ask(orders.url, statement);
  await ask(audit.url, 'CREATE TABLE place (last bigint NOT NULL)');
  await ask(audit.url, 'INSERT INTO place VALUES (0)');
  const pool = new pg.Pool({ connectionString: orders.url });
  // Nobody pays for what was written before.
  for (const statement of ['VACUUM ANALYZE', 'CHECKPOINT']) await pool.query(statement);
  try {
    return await work({
      databases: { AUDIT_URL: audit.url, ORDERS_URL: orders.url },
      ask: async (question) => (await pool.query(question)).rows,
      rows,
      batch: BATCH,
    });
  } finally {
    await pool.query('DROP TABLE orders');
    await pool.end();
  }
}

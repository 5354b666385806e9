import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(
  new URL('./bin/flamingock.mjs', import.meta.resolve('@flamingock/cli/package.json')),
);
const CONFIG = join(import.meta.dirname, 'flamingock.config.mjs');
const REPLICA = join(import.meta.dirname, 'replica.mjs');
const REPLICAS = 3;

/** @typedef {import('../../../e2e/harness/sandbox.mjs').Sandbox} Sandbox */
/** @typedef {(question: string) => Promise<readonly any[]>} Ask asks the orders database */

/**
 * A table of orders to fill, and a database for the ledger.
 *
 * @typedef {object} Backfill
 * @property {{ readonly AUDIT_URL: string, readonly ORDERS_URL: string }} databases
 * @property {Ask} ask
 * @property {number} rows
 * @property {number} batch rows of a batch
 */

/**
 * @typedef {object} InterruptedBackfill
 * @property {number} seconds from the first start to the end, the waits for the leases of the dead included
 * @property {number} filledOnce how many rows were changed exactly once
 * @property {readonly { processId: number, after: number, last: number, batches: number }[]} runs one for each process that was at it, in order
 * @property {number} repeated batches that were sent twice
 * @property {number} rowsOfRepeated how many rows the second time has changed
 * @property {readonly (number | undefined)[]} leftWhenReady for each replica that waits: how many rows were left when it was ready
 * @property {number} readyEarly how many of them were ready before the last process began
 * @property {string} refused what a replica said that was started in the middle, and would have applied changes itself
 */

/**
 * Starts the real command line over a backfill.
 *
 * @param {Sandbox} sandbox
 * @param {Backfill} backfill
 * @param {readonly string[]} parameters
 * @param {{ readonly DIES_AT?: string }} [death]
 */
export const command = (sandbox, { databases, batch }, parameters, death = {}) =>
  sandbox.start('flamingock', [BINARY, '-c', CONFIG, '-e', 'production', ...parameters], {
    ...databases,
    BATCH: String(batch),
    ...death,
  });

/**
 * The backfill with replicas waiting for its end, killed twice: from outside at a third, and at two thirds by itself at the
 * worst of all moments, when a batch is durable and its checkpoint is not.
 *
 * @param {Sandbox} sandbox
 * @param {Backfill} backfill
 * @returns {Promise<InterruptedBackfill>}
 */
export async function interruptedBackfill(sandbox, backfill) {
  const { databases, ask, rows, batch } = backfill;
  const replicas = Array.from({ length: REPLICAS }, () => sandbox.start('replica', [REPLICA], databases));
  await Promise.all(replicas.map((replica) => replica.line(/waiting for /)));
  const begun = performance.now();

  const first = command(sandbox, backfill, ['apply']);
  while ((await ask('SELECT count(*)::integer AS count FROM batches'))[0].count < rows / batch / 3)
    if (first.exitCode !== null) throw new Error(`It ended before it was killed:\n${first.output}`);
  await first.stop('SIGKILL');

  const impatient = sandbox.start('replica', [REPLICA], { ...databases, MODE: 'apply' });
  await impatient.exited;

  const second = command(sandbox, backfill, ['apply', '--wait'], { DIES_AT: String((2 * rows) / 3) });
  const { signal } = await second.exited;
  if (signal !== 'SIGKILL') throw new Error(`It was not killed:\n${second.output}`);

  const readyEarly = replicas.filter(({ exitCode }) => exitCode !== null).length;
  const third = command(sandbox, backfill, ['apply', '--wait']);
  const { code } = await third.exited;
  if (code !== 0) throw new Error(`It was not resumed:\n${third.output}`);
  const seconds = (performance.now() - begun) / 1000;
  await Promise.all(replicas.map(({ exited }) => exited));
  return {
    seconds,
    leftWhenReady: replicas.map(({ output }) => leftIn(output)),
    readyEarly,
    refused: impatient.output,
    ...(await inDatabase(backfill)),
  };
}

/** @param {string} output */
function leftIn(output) {
  const match = /^ready with (\d+) rows left$/m.exec(output);
  return match === null ? undefined : Number(match[1]);
}

/** @param {Backfill} backfill */
async function inDatabase({ ask, batch }) {
  const [{ once }] = await ask(
    'SELECT count(*)::integer AS once FROM orders WHERE filled = 1 AND payment_method IS NOT NULL',
  );
  // No row of `batches` is ever changed, so their places tell in which order they were written.
  const runs = await ask(
    `SELECT process_id AS "processId", (min(last) - ${batch})::integer AS after, max(last)::integer AS last,
       count(*)::integer AS batches FROM batches GROUP BY process_id ORDER BY min(ctid)`,
  );
  const [repeated] = await ask(
    `SELECT count(*)::integer AS count, coalesce(sum(rows), 0)::integer AS rows FROM
       (SELECT rows, row_number() OVER (PARTITION BY last ORDER BY ctid) AS time FROM batches) AS sent WHERE time > 1`,
  );
  return { filledOnce: once, runs, repeated: repeated.count, rowsOfRepeated: repeated.rows };
}

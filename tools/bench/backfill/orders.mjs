/** The table that is filled, and the batches that it is filled in: the same for the change and for the plain loops. */

/**
 * What a database holds before. `filled` counts how often a row was changed, and `batches` what was sent.
 *
 * @param {number} rows
 */
export const ordersOf = (rows) => [
  `CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL, amount integer NOT NULL,
     filled integer NOT NULL DEFAULT 0)`,
  'CREATE TABLE batches (last bigint NOT NULL, process_id integer NOT NULL, rows bigint NOT NULL)',
  `INSERT INTO orders SELECT id, 'customer ' || id, id % 1000 FROM generate_series(1, ${rows}) AS id`,
];

export const ADD_COLUMN = 'ALTER TABLE orders ADD COLUMN payment_method text';

/** Done a second time, it changes nothing: that is what makes it safe to repeat. */
const FILL = `WITH changed AS (
  UPDATE orders SET payment_method = 'UNSET', filled = filled + 1
  WHERE id > $1 AND id <= $2 AND payment_method IS NULL RETURNING 1
) INSERT INTO batches SELECT $2, $3, count(*) FROM changed`;

/**
 * Fills the rows above one of them, batch by batch. How many rows a batch has comes from the environment, for whoever
 * runs it.
 *
 * @param {object} loop
 * @param {(sql: string, parameters?: readonly unknown[]) => Promise<readonly object[]>} loop.query
 * @param {number} loop.after the id that it goes on from; 0: the beginning
 * @param {(last: number, total: number) => unknown} loop.onBatch is called when a batch is durable
 */
export async function fill({ query, after, onBatch }) {
  const batch = Number(process.env['BATCH']);
  const [row] = await query('SELECT max(id)::integer AS total FROM orders');
  const { total } = /** @type {{ total: number }} */ (row);
  for (let first = after; first < total;) {
    const last = Math.min(first + batch, total);
    await query(FILL, [first, last, process.pid]);
    await onBatch(last, total);
    first = last;
  }
}

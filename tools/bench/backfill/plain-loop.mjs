import pg from 'pg';
import { ADD_COLUMN, fill } from './orders.mjs';

/**
 * A loop over the same batches, as one writes it by hand. With `PLACE=yes` it writes down after each batch how far it has
 * come, as one must that is to go on after a crash. Prints the milliseconds from its first batch to its last.
 */
const { ORDERS_URL, AUDIT_URL, PLACE } = process.env;
const orders = new pg.Pool({ connectionString: ORDERS_URL });
const places = new pg.Pool({ connectionString: AUDIT_URL });
await orders.query(ADD_COLUMN);
const begun = performance.now();
await fill({
  query: async (sql, parameters) => (await orders.query(sql, [...(parameters ?? [])])).rows,
  after: 0,
  onBatch: (last) => (PLACE === 'yes' ? places.query('UPDATE place SET last = $1', [last]) : undefined),
});
process.stdout.write(`took ${performance.now() - begun} ms\n`);
await Promise.all([orders.end(), places.end()]);

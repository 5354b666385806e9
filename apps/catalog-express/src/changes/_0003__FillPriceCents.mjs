import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'fill-price-cents',
  author: 'catalogue-team',
  inject: { sql: SqlExecutor },
  async apply({ sql }, { log }) {
    const { affected } = await sql.execute(
      'UPDATE products SET price_cents = CAST(round(price * 100) AS integer) WHERE price_cents IS NULL',
    );
    log.info(`${affected} prices in cents`);
  },
  // The old prices are still there: nothing has to be taken back but the copy.
  rollback: ({ sql }) => sql.execute('UPDATE products SET price_cents = NULL'),
  async verify({ sql }) {
    const rows = await sql.query('SELECT sku FROM products WHERE price_cents IS NULL LIMIT 1');
    return rows.length === 0 ? 'APPLIED' : 'NOT_APPLIED';
  },
});

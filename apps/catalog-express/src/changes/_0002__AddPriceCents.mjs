import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

/** Prices become whole cents. The column is empty at first: the next change fills it. */
export default defineChange({
  id: 'add-price-cents',
  author: 'catalogue-team',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute('ALTER TABLE products ADD COLUMN price_cents integer'),
  rollback: ({ sql }) => sql.execute('ALTER TABLE products DROP COLUMN price_cents'),
});

import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'add-total',
  targetSystem: 'shop',
  inject: { shop: SqlExecutor },
  async apply({ shop }) {
    await shop.query('ALTER TABLE orders ADD COLUMN total integer DEFAULT 1');
  },
  async rollback({ shop }) {
    await shop.query('ALTER TABLE orders DROP COLUMN total');
  },
});

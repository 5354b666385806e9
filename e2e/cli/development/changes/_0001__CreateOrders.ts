import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'create-orders',
  targetSystem: 'shop',
  inject: { shop: SqlExecutor },
  async apply({ shop }) {
    await shop.query('CREATE TABLE orders (id integer PRIMARY KEY)');
  },
  async rollback({ shop }) {
    await shop.query('DROP TABLE orders');
  },
});

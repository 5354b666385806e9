import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'add-delivery-days',
  name: '_0001__AddDeliveryDays',
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute('ALTER TABLE products ADD COLUMN delivery_days integer NOT NULL DEFAULT 2');
  },
});

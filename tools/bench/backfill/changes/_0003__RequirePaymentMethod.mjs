import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'require-payment-method',
  inject: { orders: SqlExecutor },
  // It fails where a row was left out.
  apply: ({ orders }) => orders.execute('ALTER TABLE orders ALTER COLUMN payment_method SET NOT NULL'),
});

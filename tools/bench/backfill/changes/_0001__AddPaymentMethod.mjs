import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
import { ADD_COLUMN } from '../orders.mjs';

export default defineChange({
  id: 'add-payment-method',
  inject: { orders: SqlExecutor },
  apply: ({ orders }) => orders.execute(ADD_COLUMN),
});

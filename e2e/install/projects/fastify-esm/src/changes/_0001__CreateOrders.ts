import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'create-orders',
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute('CREATE TABLE orders (id INTEGER PRIMARY KEY, payment_method TEXT)');
    await sql.execute(`INSERT INTO orders (payment_method) VALUES ('CARD')`);
  },
});

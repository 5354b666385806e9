import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

interface Payment {
  readonly method: string;
}
const first: Payment = { method: 'CARD' };

export default defineChange({
  id: 'create-orders',
  inject: { sql: SqlExecutor },
  async apply({ sql }): Promise<void> {
    await sql.execute('CREATE TABLE orders (id integer GENERATED ALWAYS AS IDENTITY, payment_method text)');
    await sql.execute('INSERT INTO orders (payment_method) VALUES ($1)', [first.method]);
  },
});

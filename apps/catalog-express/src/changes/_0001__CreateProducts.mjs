import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'create-products',
  author: 'catalogue-team',
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute(
      'CREATE TABLE products (sku text PRIMARY KEY, name text NOT NULL, price numeric(10, 2) NOT NULL)',
    );
    await sql.execute(`
      INSERT INTO products (sku, name, price) VALUES
        ('cup-001', 'Cup', 7.95), ('pot-001', 'Teapot', 29.99), ('tea-001', 'Green tea', 4.1)`);
  },
  rollback: ({ sql }) => sql.execute('DROP TABLE products'),
});

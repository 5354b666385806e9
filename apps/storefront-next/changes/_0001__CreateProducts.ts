import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

const PRODUCTS = [
  ['Cup', 900],
  ['Saucer', 450],
  ['Teapot', 3400],
] as const;

export default defineChange({
  id: 'create-products',
  name: '_0001__CreateProducts',
  targetSystem: 'storefront-db',
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute('CREATE TABLE products (name text PRIMARY KEY, price_cents integer NOT NULL)');
    for (const [name, price] of PRODUCTS)
      await sql.execute(`INSERT INTO products (name, price_cents) VALUES ('${name}', ${price})`);
  },
});

import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

/** What the page shows of each product since this release. Teapots are fired when they are ordered. */
export default defineChange({
  id: 'add-delivery-days',
  name: '_0002__AddDeliveryDays',
  targetSystem: 'storefront-db',
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute('ALTER TABLE products ADD COLUMN delivery_days integer NOT NULL DEFAULT 2');
    await sql.execute(`UPDATE products SET delivery_days = 12 WHERE name = 'Teapot'`);
  },
});

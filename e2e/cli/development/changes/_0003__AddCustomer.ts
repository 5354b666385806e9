import { setTimeout } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: 'add-customer',
  targetSystem: 'shop',
  inject: { shop: SqlExecutor },
  async apply({ shop }, { signal }) {
    await shop.query('ALTER TABLE orders ADD COLUMN customer integer');
    if (process.env['INCIDENT'] === 'slow') await setTimeout(60_000, undefined, { signal });
  },
  async rollback({ shop }) {
    await shop.query('ALTER TABLE orders DROP COLUMN customer');
  },
});

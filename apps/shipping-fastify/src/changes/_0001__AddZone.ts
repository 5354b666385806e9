import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

/** At once, whatever the size of the table: PostgreSQL only notes that older rows have none. */
export default defineChange({
  id: 'add-zone',
  targetSystem: 'shipping-db',
  lockTimeoutMs: 5000,
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute('ALTER TABLE shipments ADD COLUMN zone smallint');
  },
});

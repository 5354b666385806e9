import type { AuditStore } from '@flamingock/core/spi';
import { type SqlDatabase, useOf } from './sql-database.js';
import { createSqlAuditStore } from './store/audit-store.js';
import { tableOptions, type TableOptions } from './table-options.js';

/**
 * Keeps the ledger and the lock in a SQL database. It uses the pool or connection that the application has opened and
 * never closes it; its tables are created when the first run needs them.
 *
 * Throws `FLG_OPTION_INVALID` for an object that is no database of a known kind and for names of tables that cannot be
 * used, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const auditStore = sqlAuditStore(new pg.Pool({ connectionString }));
 */
export function sqlAuditStore(database: SqlDatabase, options: TableOptions = {}): AuditStore {
  const where = 'sqlAuditStore()';
  const { driver } = useOf(database, where);
  return createSqlAuditStore(driver, tableOptions(options, driver.dialect, where));
}

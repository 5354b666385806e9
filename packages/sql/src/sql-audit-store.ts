import type { AuditStore } from '@flamingock/core/spi';
import { type SqlDatabase, useOf } from './sql-database.js';
import { createSqlAuditStore } from './store/audit-store.js';
import type { TableOptions } from './store/create-tables.js';
import { tableOptions } from './target-options.js';

/**
 * Keeps the ledger and the lock in a SQL database. It uses the pool or connection that the application has opened and
 * never closes it; its tables are created when the first run needs them.
 *
 * Throws `FLG_OPTION_INVALID` for an object that is no database of a known kind, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const auditStore = sqlAuditStore(new pg.Pool({ connectionString }));
 */
export function sqlAuditStore(database: SqlDatabase, options: TableOptions = {}): AuditStore {
  const where = 'sqlAuditStore()';
  return createSqlAuditStore(useOf(database, where).driver, tableOptions(options, where));
}

import type { AuditStore } from '@flamingock/core/spi';
import { createSqlAuditStore, type TableOptions, tableOptions } from '@flamingock/sql/spi';
import type { DataSource } from 'typeorm';
import { dataSourceDriver } from './data-source-driver.js';

/**
 * Keeps the ledger and the lock in the database of a TypeORM `DataSource`, which must be initialised and stays
 * the application's to close. The tables are created when the first run needs them; they are no entities.
 *
 * Throws `FLG_OPTION_INVALID` for a data source that is not initialised or whose driver is not supported and for names
 * of tables that cannot be used, and `FLG_OPTION_UNKNOWN`.
 *
 * @example
 * const auditStore = typeormAuditStore(await auditDataSource.initialize());
 */
export function typeormAuditStore(dataSource: DataSource, options: TableOptions = {}): AuditStore {
  const where = 'typeormAuditStore()';
  const driver = dataSourceDriver(dataSource, where);
  return createSqlAuditStore(driver, tableOptions(options, driver.dialect, where));
}

/**
 * Audit store and target for SQL databases.
 *
 * @packageDocumentation
 */
export { sqlAuditStore } from './sql-audit-store.js';
export { sqlTarget } from './sql-target.js';
export type { SqlTargetOptions } from './target-options.js';
export { sqlTables } from './sql-tables.js';
export type { TableOptions } from './table-options.js';
export type { TableNameOptions } from './dialect/table-names.js';
export { SqlExecutor } from './sql-executor.js';
export type { SqlDatabase } from './sql-database.js';

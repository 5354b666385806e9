/**
 * Audit store and target for SQL databases.
 *
 * @packageDocumentation
 */
export { sqlAuditStore } from './sql-audit-store.js';
export { sqlTarget } from './sql-target.js';
export type { SqlTargetOptions } from './target-options.js';
export { SqlExecutor } from './sql-executor.js';
export type { SqlDatabase } from './sql-database.js';

/**
 * The door for packages that put the audit store and the target of this one on another client of the same
 * databases.
 *
 * @packageDocumentation
 */
export { createSqlAuditStore } from '../store/audit-store.js';
export { SqlTransactions } from '../target/transactions.js';
export type { ClientBinder } from '../target/transactions.js';
export type { StatementWatch } from '../target/statement-watch.js';
export { isSqlExecutor } from '../sql-executor.js';
export { unendedTransactions } from '../target/unended-transactions.js';
export { AutocommitExecutor } from '../target/autocommit-executor.js';
export { identityOf } from '../target-options.js';
export { tableOptions } from '../table-options.js';
export type { TableOptions } from '../table-options.js';
export type { SqlConnection } from '../driver/connection.js';
export type { ForeignTransaction, SqlDriver } from '../driver/driver.js';
export { postgresDialect } from '../postgres/dialect.js';
export { PgConnection } from '../postgres/pg-connection.js';
export { pgSecrets } from '../postgres/pg-secrets.js';
export { isPgPool } from '../postgres/pg-client.js';
export type { PgClient, PgPool } from '../postgres/pg-client.js';
export { isPoolOfOne } from '../postgres/pg-driver.js';
export { mysqlDialect } from '../mysql/dialect.js';
export { MysqlConnection } from '../mysql/mysql-connection.js';
export { mysqlPoolOf } from '../mysql/mysql-client.js';
export type { MysqlClient } from '../mysql/mysql-client.js';
export { isMysqlPoolOfOne } from '../mysql/mysql-driver.js';
export { mysqlSecrets } from '../mysql/mysql-secrets.js';
export { sqliteDialect } from '../sqlite/dialect.js';
export { foreignTransaction } from '../sqlite/sqlite-driver.js';
export { SqliteConnection } from '../sqlite/sqlite-connection.js';
export type { StatementListener } from '../sqlite/sqlite-client.js';
export { betterSqlite3Client } from '../sqlite/better-sqlite3.js';
export type { BetterSqlite3Database } from '../sqlite/better-sqlite3.js';

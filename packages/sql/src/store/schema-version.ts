import { FlamingockError } from '@flamingock/core/spi';
import type { TableNames } from '../dialect/table-names.js';

/** The version of the audit tables that this release writes and reads. */
export const SCHEMA_VERSION = 1;

/** Throws `FLG_STORE_VERSION` for tables of another version. */
export function assertSchemaVersion(found: number): void {
  if (found === SCHEMA_VERSION) return;
  throw new FlamingockError({
    code: 'FLG_STORE_VERSION',
    message: `The audit tables have version ${found}; this release knows version ${SCHEMA_VERSION}.`,
    hint: 'Run this application with the release of Flamingock that wrote them, or give it an audit store of its own.',
  });
}

/** The schema says that it is there, and a table is missing: it was dropped, or renamed by another release. */
export function tablesIncomplete(names: TableNames, cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_VERSION',
    message: `The table ${names.shown('schema')} exists, but one of the tables that belong to it does not.`,
    hint: 'Restore the audit tables from a backup; starting with an empty ledger would apply every change again.',
    cause,
  });
}

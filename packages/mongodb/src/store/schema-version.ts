import { FlamingockError } from '@flamingock/core/spi';

/** The version of the audit collections that this release writes and reads. */
export const SCHEMA_VERSION = 1;

/** Throws `FLG_STORE_VERSION` for collections of another version. */
export function assertSchemaVersion(found: unknown): void {
  if (found === SCHEMA_VERSION) return;
  throw new FlamingockError({
    code: 'FLG_STORE_VERSION',
    message: `The audit collections have version ${String(found)}; this release knows version ${SCHEMA_VERSION}.`,
    hint: 'Run this application with the release of Flamingock that wrote them, or give it an audit store of its own.',
  });
}

/** The schema says that it is there, and the ledger is missing: it was dropped, or renamed. */
export function ledgerMissing(schema: string, ledger: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_VERSION',
    message: `The collection ${schema} exists, but ${ledger}, which belongs to it, does not.`,
    hint: 'Restore the audit collections from a backup; starting with an empty ledger would apply every change again.',
  });
}

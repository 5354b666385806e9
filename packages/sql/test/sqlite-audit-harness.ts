import type { AuditStore } from '@flamingock/core';
import type { AuditStoreHarness } from '@flamingock/testing';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import type { SqlDatabase } from '../src/sql-database.js';
import { sqlTarget } from '../src/sql-target.js';
import { databaseFileOf, type JournalMode } from './database-file.js';
import { rawAuditTables } from './raw-audit-tables.js';
import { betterSqlite3, type SqliteConnection, type SqliteLibrary } from './sqlite-library.js';

/** Each store has a connection of its own to one file, as other processes would have. */
export function sqliteAuditHarness(
  journal: JournalMode,
  library: SqliteLibrary = betterSqlite3,
): AuditStoreHarness {
  return {
    lacks: {
      poolOfOne: 'a connection to SQLite is not pooled',
      timeZones: 'SQLite knows no time zones',
      lostReplies: 'SQLite is called and not sent to',
    },
    async database() {
      const file = databaseFileOf(library, journal);
      return {
        store: async () => sqlAuditStore(file.open()),
        ...rawAuditTables(file.open()),
        async settings(store) {
          const database = databaseOf(store);
          // Some settings are only known once the file was read.
          database.exec('PRAGMA schema_version');
          return ['synchronous', 'busy_timeout', 'journal_mode', 'foreign_keys'].map((name) => ({
            ...(database.prepare(`PRAGMA ${name}`).get() as object),
          }));
        },
        target: async (store) => sqlTarget(databaseOf(store)),
        restricted: async () => sqlAuditStore(file.open({ readonly: true })),
        close: () => file.close(),
      };
    },
  };
}

function databaseOf(store: AuditStore): SqliteConnection & SqlDatabase {
  return store.driver as SqliteConnection & SqlDatabase;
}

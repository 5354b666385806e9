import type { AuditStore } from '@flamingock/core';
import type { AuditStoreHarness } from '@flamingock/testing';
import type Database from 'better-sqlite3';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import { sqlTarget } from '../src/sql-target.js';
import { databaseFile, type JournalMode } from './database-file.js';
import { rawAuditTables } from './raw-audit-tables.js';

/** Each store has a connection of its own to one file, as other processes would have. */
export function sqliteAuditHarness(journal: JournalMode): AuditStoreHarness {
  return {
    lacks: {
      poolOfOne: 'a connection to SQLite is not pooled',
      timeZones: 'SQLite knows no time zones',
      lostReplies: 'SQLite is called and not sent to',
    },
    async database() {
      const file = databaseFile(journal);
      return {
        store: async () => sqlAuditStore(file.open()),
        ...rawAuditTables(file.open()),
        async settings(store) {
          const database = databaseOf(store);
          // Some settings are only known once the file was read.
          database.pragma('schema_version');
          return ['synchronous', 'busy_timeout', 'journal_mode', 'foreign_keys'].map((name) => [
            name,
            database.pragma(name, { simple: true }),
          ]);
        },
        target: async (store) => sqlTarget(databaseOf(store)),
        restricted: async () => sqlAuditStore(file.open({ readonly: true })),
        close: () => file.close(),
      };
    },
  };
}

function databaseOf(store: AuditStore): Database.Database {
  return store.driver as Database.Database;
}

import type { AuditStore } from '@flamingock/core';
import type { AuditStoreHarness } from '@flamingock/testing';
import type { DataSource } from 'typeorm';
import { typeormAuditStore } from '../src/typeorm-audit-store.js';
import { typeormTarget } from '../src/typeorm-target.js';
import { dataSourceFile } from './data-source-file.js';
import { rawAuditTables } from './raw-audit-tables.js';

/** Each store has a data source of its own to one file, as other processes would have. */
export const typeormAuditHarness: AuditStoreHarness = {
  lacks: {
    poolOfOne: 'a connection to SQLite is not pooled',
    timeZones: 'SQLite knows no time zones',
    lostReplies: 'SQLite is called and not sent to',
  },
  async database() {
    const file = dataSourceFile();
    return {
      store: async () => typeormAuditStore(await file.open({ enableWAL: true })),
      ...rawAuditTables(file.openRaw()),
      async settings(store) {
        // Some settings are only known once the file was read.
        await dataSourceOf(store).query('PRAGMA schema_version');
        const names = ['synchronous', 'busy_timeout', 'journal_mode', 'foreign_keys'];
        return Promise.all(names.map((name) => dataSourceOf(store).query<unknown[]>(`PRAGMA ${name}`)));
      },
      target: async (store) => typeormTarget(dataSourceOf(store)),
      restricted: async () => typeormAuditStore(await file.open({ readonly: true })),
      close: () => file.close(),
    };
  },
};

function dataSourceOf(store: AuditStore): DataSource {
  return store.driver as DataSource;
}

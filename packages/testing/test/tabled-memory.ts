import { FlamingockError, type AuditStore } from '@flamingock/core/spi';
import { memoryAuditStore, MemoryDatabase } from '@flamingock/core';
import type { AuditDatabase, AuditStoreHarness } from '../src/audit-store/harness.js';
import { memoryDatabase } from './memory-harness.js';

/** What the databases of servers have and memory has not: tables with a version, and settings of a connection. */
export interface Tables {
  version: number | undefined;
}

/** A connection that sessions set differently for their time. */
export interface Connection {
  setting: string;
}

/** What a defective store is made from. */
export interface Parts {
  readonly database: MemoryDatabase;
  readonly tables: Tables;
  readonly connection: Connection;
}

/** The in-memory store with tables and settings, so that every case of the contract applies to it. */
export function tabledStore({ database, tables, connection }: Parts): AuditStore {
  const memory = memoryAuditStore(database);
  const assertVersion = (): void => {
    if (tables.version === undefined || tables.version === 1) return;
    throw new FlamingockError({ code: 'FLG_STORE_VERSION', message: 'Another version.', hint: 'Upgrade.' });
  };
  return {
    ...memory,
    async read(key, after) {
      assertVersion();
      const content = await memory.read(key, after);
      return tables.version === undefined ? { ...content, initialised: false } : content;
    },
    async initialise() {
      assertVersion();
      tables.version = 1;
    },
    async openSession() {
      const session = await memory.openSession();
      const found = connection.setting;
      connection.setting = 'as the engine wants it';
      let open = true;
      return {
        read: (key, after) => session.read(key, after),
        append: (key, entry) => session.append(key, entry),
        acquire: (key, request) => session.acquire(key, request),
        renew: (key, request, highest) => session.renew(key, request, highest),
        release: (key, owner, highest) => session.release(key, owner, highest),
        async close() {
          if (open) connection.setting = found;
          open = false;
        },
      };
    },
  };
}

/** A harness for stores that are made from these parts. */
export function tabledHarness(make: (parts: Parts) => AuditStore): AuditStoreHarness {
  return {
    async database(): Promise<AuditDatabase> {
      const database = new MemoryDatabase();
      const tables: Tables = { version: undefined };
      const connections = new Map<AuditStore, Connection>();
      return {
        ...memoryDatabase(database),
        async store() {
          const connection = { setting: 'as the application wants it' };
          const store = make({ database, tables, connection });
          connections.set(store, connection);
          return store;
        },
        async setSchemaVersion(version) {
          tables.version = version;
        },
        settings: async (store) => connections.get(store)?.setting,
      };
    },
  };
}

import {
  type AuditSession,
  type AuditStore,
  type EntryColumns,
  type ErrorCode,
  FlamingockError,
  type LedgerKey,
} from '@flamingock/core/spi';
import { memoryAuditStore, MemoryDatabase } from '@flamingock/core';
import type { AuditDatabase, AuditStoreHarness } from '../src/audit-store/harness.js';
import { columnsOf } from '../src/audit-store/samples.js';
import { memoryDatabase } from './memory-harness.js';

/** What the databases of servers have and memory has not: tables with a version, and columns beside the texts. */
export interface Tables {
  version: number | undefined;
  readonly columns: { readonly key: LedgerKey; row: EntryColumns }[];
}

/** The driver object of one store, which a server knows as a user's. */
export class Connection {
  setting = 'as the application wants it';
  losesReplies = false;
  #lent: Promise<void> = Promise.resolve();

  constructor(
    readonly timeZone?: string,
    readonly mayWrite = true,
    readonly isPoolOfOne = false,
  ) {}

  /** Waits for a connection, and returns how to give it back. */
  async lend(): Promise<() => void> {
    if (!this.isPoolOfOne) return () => undefined;
    const before = this.#lent;
    let giveBack = (): void => undefined;
    this.#lent = new Promise((resolve) => {
      giveBack = resolve;
    });
    await before;
    return giveBack;
  }

  async write<T>(request: () => Promise<T>): Promise<T> {
    if (!this.mayWrite) throw refusal('FLG_STORE_PERMISSION');
    return this.answer(request);
  }

  async answer<T>(request: () => Promise<T>): Promise<T> {
    const answer = await request();
    if (this.losesReplies) throw new Error('the connection has ended unexpectedly');
    return answer;
  }
}

/** What a defective store is made from. */
export interface Parts {
  readonly database: MemoryDatabase;
  readonly tables: Tables;
  readonly connection: Connection;
}

/** A server, whose clock is not that of `Date`. */
class Server extends MemoryDatabase {
  override now(): number {
    return Math.floor(performance.timeOrigin + performance.now());
  }
}

/** The in-memory store with everything that a server has, so that every case of the contract applies to it. */
export function tabledStore({ database, tables, connection }: Parts): AuditStore {
  const memory = memoryAuditStore(database);
  const assertVersion = (): void => {
    if (tables.version !== undefined && tables.version !== 1) throw refusal('FLG_STORE_VERSION');
  };
  const lent = async <T>(request: () => Promise<T>): Promise<T> => {
    const giveBack = await connection.lend();
    return request().finally(giveBack);
  };
  return {
    ...memory,
    capabilities: { ...memory.capabilities, lendsOneConnection: connection.isPoolOfOne },
    environments: (service, tenant) => lent(() => memory.environments(service, tenant)),
    ledgers: () => lent(() => memory.ledgers()),
    read: (key, after, declaration) =>
      lent(async () => {
        assertVersion();
        const content = await memory.read(key, after, declaration);
        return tables.version === undefined ? { ...content, initialised: false } : content;
      }),
    initialise: () =>
      lent(async () => {
        assertVersion();
        tables.version = 1;
      }),
    async openSession() {
      const giveBack = await connection.lend();
      return pinned(await memory.openSession(), { database, tables, connection }, giveBack);
    },
    columns: async (key) => rowsOf(tables, key).map(({ row }) => row),
  };
}

function pinned(session: AuditSession, { tables, connection }: Parts, giveBack: () => void): AuditSession {
  const found = connection.setting;
  connection.setting = 'as the engine wants it';
  let open = true;
  return {
    read: (key, after) => connection.answer(() => session.read(key, after)),
    append: (key, entry) =>
      connection.write(async () => {
        await session.append(key, entry);
        tables.columns.push({ key, row: columnsOf(entry.entry) });
      }),
    acquire: (key, request) => connection.write(() => session.acquire(key, request)),
    renew: (key, request, highest) => connection.write(() => session.renew(key, request, highest)),
    release: (key, owner, highest, completeFor) =>
      connection.write(() => session.release(key, owner, highest, completeFor)),
    ...(session.checkpoints === undefined ? {} : { checkpoints: session.checkpoints }),
    async close() {
      if (open) connection.setting = found;
      open = false;
      giveBack();
    },
  };
}

function rowsOf({ columns }: Tables, { service, environment, tenant }: LedgerKey): Tables['columns'] {
  return columns.filter(
    ({ key }) => key.service === service && key.environment === environment && key.tenant === tenant,
  );
}

function refusal(code: ErrorCode): FlamingockError {
  return new FlamingockError({ code, message: 'Refused.', hint: 'Look at the test.' });
}

/** A harness for stores that are made from these parts. */
export function tabledHarness(make: (parts: Parts) => AuditStore): AuditStoreHarness {
  return {
    async database(): Promise<AuditDatabase> {
      const database = new Server();
      const tables: Tables = { version: undefined, columns: [] };
      const connections = new Map<AuditStore, Connection>();
      const open = (connection: Connection): AuditStore => {
        const store = make({ database, tables, connection });
        connections.set(store, connection);
        return store;
      };
      return {
        ...memoryDatabase(database),
        store: async ({ timeZone } = {}) => open(new Connection(timeZone)),
        poolOfOne: async () => open(new Connection('UTC', true, true)),
        restricted: async () => open(new Connection('UTC', false)),
        async unreliable() {
          const connection = new Connection();
          const loseReplies = async (): Promise<void> => {
            connection.losesReplies = true;
          };
          return { store: open(connection), loseReplies };
        },
        async setSchemaVersion(version) {
          tables.version = version;
        },
        async editState(key, sequence, state) {
          const found = rowsOf(tables, key).find(({ row }) => row.sequence === sequence);
          if (found !== undefined) found.row = { ...found.row, state };
        },
        settings: async (store) => connections.get(store)?.setting,
      };
    },
  };
}

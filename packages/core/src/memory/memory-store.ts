import type {
  AuditSession,
  AuditStore,
  CheckpointWriter,
  LedgerContent,
  LeaseGrant,
  LeaseRequest,
  LedgerWriter,
} from '../ledger/audit-store.js';
import type { LedgerKey } from '../ledger/entry.js';
import { MemoryDatabase, withLedger } from './memory-database.js';
import { MemoryCheckpoints } from './memory-checkpoints.js';
import { type MemoryView, MemoryWriter } from './memory-writer.js';

/**
 * An audit store in memory, for tests. Pass the same database to several stores to play several processes, and to
 * a `memoryTarget` to share transactions with it.
 */
export function memoryAuditStore(database: MemoryDatabase = new MemoryDatabase()): AuditStore {
  return {
    kind: 'memory',
    capabilities: { sharedTransactions: true, singleConnection: true, checkpoints: true },
    driver: database,
    read: (key, after, declaration) => Promise.resolve(read(database, key, after, declaration)),
    environments: (service, tenant) => Promise.resolve(environments(database, service, tenant)),
    ledgers: () => Promise.resolve(ledgers(database)),
    initialise: () => Promise.resolve(),
    openSession: () => Promise.resolve(new MemorySession(database)),
    within: (connection): LedgerWriter => new MemoryWriter(connection as MemoryView),
  };
}

class MemorySession extends MemoryWriter implements AuditSession {
  readonly checkpoints: CheckpointWriter;
  readonly #database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    super({
      contents: () => database.contents(),
      ledger: (key) => database.ledger(key),
      commit: (contents) => {
        database.commitAlone(contents);
      },
      now: () => database.now(),
    });
    this.#database = database;
    this.checkpoints = new MemoryCheckpoints(database);
  }

  read(key: LedgerKey, after: number): Promise<LedgerContent> {
    return Promise.resolve(read(this.#database, key, after));
  }

  async acquire(
    key: LedgerKey,
    { owner, host, processId, leaseMs }: LeaseRequest,
  ): Promise<LeaseGrant | undefined> {
    const ledger = this.#database.ledger(key);
    const now = this.#database.now();
    const holder = ledger.lock;
    if (holder !== undefined && holder.owner !== owner && holder.expiresAt > now) return undefined;
    const lock = { owner, host, processId, acquiredAt: now, expiresAt: now + leaseMs, leaseMs };
    const taken = { ...ledger, lock, completeFor: undefined };
    this.#database.commitAlone(withLedger(this.#database.contents(), key, taken));
    const replaced = holder === undefined || holder.owner === owner ? {} : { tookOverFrom: holder.owner };
    return { now, ...replaced };
  }

  async release(key: LedgerKey, owner: string, highestSequence: number, completeFor?: string): Promise<void> {
    const ledger = this.#database.ledger(key);
    if (ledger.lock?.owner === owner) {
      const highest = Math.max(ledger.highestSequence, highestSequence);
      const released = { ...ledger, lock: undefined, highestSequence: highest, completeFor };
      this.#database.commitAlone(withLedger(this.#database.contents(), key, released));
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function read(database: MemoryDatabase, key: LedgerKey, after: number, declaration?: string): LedgerContent {
  const { entries, lock, highestSequence, completeFor } = database.ledger(key);
  const whole = entries.length === highestSequence && entries.at(-1)?.sequence === highestSequence;
  const complete = declaration !== undefined && completeFor === declaration && whole;
  const above = entries.filter((entry) => entry.sequence > after);
  return {
    initialised: true,
    entries: complete ? [] : above,
    preceding: entries.length - above.length,
    lock,
    highestSequence,
    now: database.now(),
    complete,
  };
}

function environments(database: MemoryDatabase, service: string, tenant: string): readonly string[] {
  const ofService = ledgers(database).filter((key) => key.service === service);
  const ofTenant = ofService.filter((key) => key.tenant === tenant);
  const known = ofTenant.length > 0 ? ofTenant : ofService;
  return [...new Set(known.map(({ environment }) => environment))];
}

function ledgers(database: MemoryDatabase): readonly LedgerKey[] {
  return [...database.contents().ledgers]
    .filter(([, ledger]) => ledger.entries.length > 0)
    .map(([id]) => JSON.parse(id) as [string, string, string])
    .map(([service, environment, tenant]) => ({ service, environment, tenant }));
}

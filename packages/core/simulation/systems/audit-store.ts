import type {
  AuditSession,
  AuditStore,
  CheckpointWriter,
  ClaimedCheckpoint,
  LeaseGrant,
  LeaseRequest,
  LedgerContent,
  LedgerWriter,
} from '../../src/ledger/audit-store.js';
import type { LedgerEntry, LedgerKey, SealedEntry } from '../../src/ledger/entry.js';
import type { Connection } from '../world/connection.js';
import { aloneOn, type ClientParts, connect, type Executor, storeClock } from './client-parts.js';
import { claimCheckpoint, lookAtCheckpoint, saveCheckpoint } from './checkpoint-statements.js';
import { acquire, append, createTables, readLedger, release, renew } from './ledger-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** The audit store as one process sees it. */
export function simulatedStore(parts: ClientParts): AuditStore {
  const { database, driver, defects } = parts;
  const fromPool = <T>(use: (executor: Executor) => Promise<T>): Promise<T> => {
    const connection = connect(parts);
    return use(aloneOn(connection, database)).finally(() => {
      connection.close();
    });
  };
  return {
    kind: 'simulated',
    capabilities: { sharedTransactions: true, singleConnection: database.oneWriter, checkpoints: true },
    driver,
    read: (_key, after, declaration) => fromPool((execute) => read(execute, parts, after, declaration)),
    environments: () => Promise.resolve([]),
    ledgers: () => Promise.resolve([]),
    initialise: () => fromPool((execute) => execute('append', 'create the tables', createTables())),
    openSession: async () => {
      const connection = connect(parts);
      await connection.send({
        operation: 'open',
        text: 'open a session',
        execute: (answer) => {
          answer({ value: undefined });
        },
      });
      return new Session(parts, connection);
    },
    within: (connection): LedgerWriter => {
      if (defects.has('the outcome is appended outside of the transaction'))
        return new Writer(parts, aloneOn(connect(parts), database));
      return new Writer(parts, (connection as OpenTransaction).executor);
    },
  };
}

class Writer implements LedgerWriter {
  protected readonly execute: Executor;
  protected readonly parts: ClientParts;

  constructor(parts: ClientParts, execute: Executor) {
    this.parts = parts;
    this.execute = execute;
  }

  append(_key: LedgerKey, sealed: SealedEntry): Promise<void> {
    const text = `append ${sealed.sequence} ${inWords(sealed.entry)}`;
    return this.execute('append', text, append(sealed, this.parts.defects));
  }

  renew(_key: LedgerKey, request: LeaseRequest, highest: number): Promise<LeaseGrant | undefined> {
    const statement = renew(request, highest, storeClock(this.parts), this.parts.defects);
    return this.execute('renew', 'renew', statement);
  }
}

class Session extends Writer implements AuditSession {
  readonly checkpoints: CheckpointWriter;
  readonly #connection: Connection;

  constructor(parts: ClientParts, connection: Connection) {
    super(parts, aloneOn(connection, parts.database));
    this.#connection = connection;
    this.checkpoints = checkpoints(this.execute, parts);
  }

  read(_key: LedgerKey, after: number): Promise<LedgerContent> {
    return read(this.execute, this.parts, after);
  }

  acquire(_key: LedgerKey, request: LeaseRequest): Promise<LeaseGrant | undefined> {
    const { parts } = this;
    return this.execute('acquire', 'acquire', acquire(request, storeClock(parts), parts.defects));
  }

  release(_key: LedgerKey, owner: string, highest: number, completeFor?: string): Promise<void> {
    return this.execute('release', 'release', release(owner, highest, completeFor));
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}

function checkpoints(execute: Executor, { process, defects }: ClientParts): CheckpointWriter {
  return {
    claim: async (_key, changeId, sequence) => {
      let before: ClaimedCheckpoint | undefined;
      if (defects.has('a checkpoint is read long before it is claimed')) {
        const look = lookAtCheckpoint(changeId);
        before = await execute('checkpoint', `look at the checkpoint of ${changeId}`, look);
        await process.sleep(9000);
      }
      const claim = claimCheckpoint(changeId, sequence);
      const text = `claim the checkpoint of ${changeId} with ${sequence}`;
      const claimed = await execute<ClaimedCheckpoint | undefined>('checkpoint', text, claim);
      return claimed === undefined ? undefined : (before ?? claimed);
    },
    save: (_key, changeId, value) => {
      const text = `save ${value.text} as the checkpoint of ${changeId} for ${value.sequence}`;
      return execute('checkpoint', text, saveCheckpoint(changeId, value, defects));
    },
  };
}

function read(
  execute: Executor,
  parts: ClientParts,
  after: number,
  declaration?: string,
): Promise<LedgerContent> {
  return execute('read', `read above ${after}`, readLedger(after, storeClock(parts), declaration));
}

/** An entry in words. */
function inWords(entry: LedgerEntry): string {
  return 'changeId' in entry ? `${entry.state} ${entry.changeId} (${entry.proof})` : entry.kind;
}

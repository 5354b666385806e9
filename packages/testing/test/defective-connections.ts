import { type ErrorCode, FlamingockError, hasCode, isFlamingockError } from '@flamingock/core/spi';
import { lying, lyingSessions, lyingWithin, type Make } from './lying.js';
import { overwrite } from './memory-harness.js';
import { Connection, tabledStore } from './tabled-memory.js';

const SCHEMA_AND_SESSIONS: Readonly<Record<string, Make>> = {
  'creates tables when it reads': lying((honest, { tables }) => ({
    async read(key, after) {
      const content = await honest.read(key, after);
      tables.version ??= 1;
      return content;
    },
  })),
  'does not create tables': lying(() => ({ initialise: async () => Promise.resolve() })),
  'creates its tables anew': lying((honest, parts) => ({
    async initialise() {
      await honest.initialise();
      parts.database.commit({ ledgers: new Map() });
    },
  })),
  'knows no version': (parts) => {
    const tables = {
      columns: parts.tables.columns,
      get version() {
        return parts.tables.version === undefined ? undefined : 1;
      },
      set version(version) {
        parts.tables.version = version;
      },
    };
    return tabledStore({ ...parts, tables });
  },
  'cannot be closed twice': lyingSessions((honest) => {
    let closed = false;
    return {
      async close() {
        if (closed) throw new Error('closed already');
        closed = true;
        await honest.close();
      },
    };
  }),
  'has one connection and does not give it back': (parts) => {
    let open = 0;
    return lying((honest) => ({
      async openSession() {
        open += 1;
        if (open > 2) throw new Error('no connection is left');
        return honest.openSession();
      },
    }))(parts);
  },
  'does not say that it lends one connection': lying((honest) => ({
    capabilities: { ...honest.capabilities, lendsOneConnection: false },
  })),
  'says of a whole pool that it lends one connection': lying((honest) => ({
    capabilities: { ...honest.capabilities, lendsOneConnection: true },
  })),
  'leaves its settings behind': lyingSessions(() => ({ close: async () => Promise.resolve() })),
};

const SHARING: Readonly<Record<string, Make>> = {
  'does not say that it can share transactions': lying((honest) => ({
    capabilities: { ...honest.capabilities, sharedTransactions: false },
  })),
  'takes a sequence that is not committed yet for a lost lock': lyingSessions((honest) => ({
    append: (key, entry) =>
      honest.append(key, entry).catch((error: unknown) => {
        throw hasCode(error, 'FLG_STORE_BUSY') ? coded('FLG_SEQUENCE_TAKEN') : error;
      }),
  })),
  'appends past the transaction': lyingWithin((_honest, parts) => ({
    async append(key, { sequence, text, hash }) {
      overwrite(parts.database, key, ({ entries }) => ({ entries: [...entries, { sequence, text, hash }] }));
    },
  })),
  'takes a duplicate in a transaction for a success': lyingWithin((honest) => ({
    append: (key, entry) =>
      honest.append(key, entry).catch((error: unknown) => {
        if (!hasCode(error, 'FLG_SEQUENCE_TAKEN')) throw error;
      }),
  })),
  'renews past the transaction': lyingWithin((_honest, parts) => ({
    async renew(key, { owner, leaseMs }) {
      const now = Date.now();
      const { lock } = parts.database.ledger(key);
      if (lock?.owner !== owner) return undefined;
      overwrite(parts.database, key, () => ({ lock: { ...lock, expiresAt: now + leaseMs, leaseMs } }));
      return { now };
    },
  })),
  'writes into a transaction that is not its own': lyingSessions((_honest, parts) => ({
    async append(key, { sequence, text, hash }) {
      overwrite(parts.database, key, ({ entries }) => ({ entries: [...entries, { sequence, text, hash }] }));
    },
  })),
};

const FAILURES: Readonly<Record<string, Make>> = {
  'takes a lost reply for a success': failing((error) => {
    if (isFlamingockError(error)) throw error;
  }),
  'takes a lost reply for a busy store': failing((error) => {
    throw isFlamingockError(error) ? error : coded('FLG_STORE_BUSY');
  }),
  'takes a lost reply for a lost lock': failing((error) => {
    throw isFlamingockError(error) ? error : coded('FLG_SEQUENCE_TAKEN');
  }),
  'repeats by itself what had no reply': (parts) =>
    lyingSessions((honest) => ({
      append: (key, entry) =>
        honest.append(key, entry).catch(async (error: unknown) => {
          if (isFlamingockError(error)) throw error;
          parts.connection.losesReplies = false;
          await honest.append(key, { ...entry, sequence: entry.sequence + 1 });
        }),
    }))(parts),
  'gives up a lease whose reply it has not seen': (parts) => {
    const honest = tabledStore(parts);
    return {
      ...honest,
      async openSession() {
        const session = await honest.openSession();
        return {
          ...session,
          async acquire(key, request) {
            if (!parts.connection.losesReplies) return session.acquire(key, request);
            await session.acquire(key, { ...request, owner: 'nobody any more' }).catch(() => undefined);
            throw new Error('the connection has ended unexpectedly');
          },
        };
      },
    };
  },
  'says nothing of a right that is missing': failing((error) => {
    throw hasCode(error, 'FLG_STORE_PERMISSION') ? new Error('42501') : error;
  }),
  'writes with the rights of somebody else': (parts) =>
    tabledStore({
      ...parts,
      connection: new Connection(parts.connection.timeZone, true, parts.connection.isPoolOfOne),
    }),
};

/** An honest store that makes something else of the failures of its appends. */
function failing(fail: (error: unknown) => void): Make {
  return lyingSessions((honest) => ({ append: (key, entry) => honest.append(key, entry).catch(fail) }));
}

function coded(code: ErrorCode): FlamingockError {
  return new FlamingockError({ code, message: 'A lie.', hint: 'Look at the test.' });
}

/** Stores that break one promise of connections and transactions each, by what they do. */
export const defectiveConnections: Readonly<Record<string, Make>> = {
  ...SCHEMA_AND_SESSIONS,
  ...SHARING,
  ...FAILURES,
};

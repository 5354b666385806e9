import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type StoredEntry } from '@flamingock/core/spi';
import {
  confusing,
  lying,
  lyingSessions,
  lyingWithin,
  type Make,
  misreading,
  overwrite,
  rewriting,
} from './lying.js';
import { tabledStore } from './tabled-memory.js';

/** What a store may do to a text. */
const TEXTS: Readonly<Record<string, Make>> = {
  'keeps JSON in a column that reformats it': rewriting((text) => {
    try {
      return JSON.stringify(JSON.parse(text));
    } catch {
      return text;
    }
  }),
  'doubles quotes': rewriting((text) => text.replaceAll("'", "''")),
  'reads backslashes as escapes': rewriting((text) => text.replaceAll('\\\\', '\\')),
  'knows three bytes for a character': rewriting((text) => text.replace(/[\u{10000}-\u{10ffff}]/gu, '?')),
  'removes what turns the direction': rewriting((text) => text.replace(/[\u202a-\u202e]/g, '')),
  'normalises characters': rewriting((text) => text.normalize('NFC')),
  'changes line ends': rewriting((text) => text.replaceAll('\r\n', '\n')),
  'trims texts': rewriting((text) => text.trim()),
  'refuses nulls in JSON': rewriting((text) => text.replaceAll(String.raw`\u0000`, '')),
  'takes no text for null': rewriting((text) => text || 'null'),
  'cuts texts at 64 KiB': rewriting((text) => text.slice(0, 65_536)),
};

const LEDGER: Readonly<Record<string, Make>> = {
  // Every instance agrees with every other one, and the database holds nothing.
  'keeps entries to itself': confusing((key) => ({ ...key, tenant: `${key.tenant}, kept elsewhere` })),
  'forgets the hash': lyingSessions((honest) => ({
    append: (key, entry) => honest.append(key, { ...entry, hash: '' }),
  })),
  'takes an append again for a success': lyingSessions((honest) => ({
    append: (key, entry) =>
      honest.append(key, entry).catch((error: unknown) => {
        if (!hasCode(error, 'FLG_SEQUENCE_TAKEN')) throw error;
      }),
  })),
  'overwrites an entry': lyingSessions((_honest, parts) => ({
    async append(key, { sequence, text, hash }) {
      overwrite(parts, key, ({ entries }) => ({
        entries: [...entries.filter((entry) => entry.sequence !== sequence), { sequence, text, hash }],
      }));
    },
  })),
  'looks before it appends': lyingSessions((honest, parts) => ({
    async append(key, entry) {
      const { entries } = await honest.read(key, entry.sequence - 1);
      if (entries.length > 0) return honest.append(key, entry);
      await sleep(1);
      const { sequence, text, hash } = entry;
      overwrite(parts, key, (ledger) => ({ entries: [...ledger.entries, { sequence, text, hash }] }));
    },
  })),
  'orders sequences as texts': misreading((content) => ({
    ...content,
    entries: [...content.entries].sort((a, b) => String(a.sequence).localeCompare(String(b.sequence))),
  })),
  'reads at most a hundred entries': misreading((content) => ({
    ...content,
    entries: content.entries.slice(0, 100),
  })),
  'reads from the asked sequence on': lying((honest) => ({
    read: (key, after) => honest.read(key, Math.max(0, after - 1)),
    async openSession() {
      const session = await honest.openSession();
      return { ...session, read: (key, after) => session.read(key, Math.max(0, after - 1)) };
    },
  })),
  'reads a replica that lags': (parts) => {
    const seen = new Map<string, readonly StoredEntry[]>();
    return misreading((content) => {
      const id = JSON.stringify(content.lock?.owner);
      const entries = seen.get(id) ?? [];
      seen.set(id, content.entries);
      return { ...content, entries };
    })(parts);
  },
  'compares keys without case': confusing(({ service, environment, tenant }) => ({
    service: service.toLowerCase(),
    environment: environment.toLowerCase(),
    tenant: tenant.toLowerCase(),
  })),
  'compares keys without trailing blanks': confusing(({ service, environment, tenant }) => ({
    service: service.trimEnd(),
    environment: environment.trimEnd(),
    tenant: tenant.trimEnd(),
  })),
  'joins the parts of a key': confusing(({ service, environment, tenant }) => ({
    service: service + environment + tenant,
    environment: 'all',
    tenant: '',
  })),
  'lists the environments of all services': lying((_honest, { database }) => ({
    environments: async () =>
      [...database.contents().ledgers.keys()].map((id) => (JSON.parse(id) as string[])[1] ?? ''),
  })),
};

const LOCK: Readonly<Record<string, Make>> = {
  'gives the lock to everybody': lyingSessions((honest, parts) => ({
    async acquire(key, request) {
      overwrite(parts, key, () => ({ lock: undefined }));
      return honest.acquire(key, request);
    },
  })),
  'says that it gave the lock, and writes nothing': lyingSessions(() => ({
    acquire: async () => ({ now: Date.now() }),
  })),
  'looks before it takes the lock': lyingSessions((honest, parts) => ({
    async acquire(key, request) {
      const { lock, now } = await honest.read(key, 0);
      if (lock !== undefined && lock.expiresAt > now) return honest.acquire(key, request);
      await sleep(1);
      overwrite(parts, key, () => ({ lock: undefined }));
      return honest.acquire(key, request);
    },
  })),
  'refuses its own owner': lyingSessions((honest) => ({
    async acquire(key, request) {
      const { lock } = await honest.read(key, 0);
      return lock?.owner === request.owner ? undefined : honest.acquire(key, request);
    },
  })),
  'never takes over': lyingSessions((honest) => ({
    async acquire(key, request) {
      const { lock } = await honest.read(key, 0);
      return lock === undefined || lock.owner === request.owner ? honest.acquire(key, request) : undefined;
    },
  })),
  'does not say from whom it took over': lyingSessions((honest) => ({
    async acquire(key, request) {
      const grant = await honest.acquire(key, request);
      return grant === undefined ? undefined : { now: grant.now };
    },
  })),
  'says that it took over from itself': lyingSessions((honest) => ({
    async acquire(key, request) {
      const grant = await honest.acquire(key, request);
      return grant === undefined ? undefined : { ...grant, tookOverFrom: request.owner };
    },
  })),
  'does not renew': lyingSessions((honest) => ({
    async renew(key, { owner }) {
      const { lock, now } = await honest.read(key, 0);
      return lock?.owner === owner ? { now } : undefined;
    },
  })),
  'renews whatever lease there is': lyingSessions((honest) => ({
    async renew(key, request, highest) {
      const { lock, now } = await honest.read(key, 0);
      return (
        (await honest.renew(key, { ...request, owner: lock?.owner ?? request.owner }, highest)) ?? { now }
      );
    },
  })),
  'renews no expired lease': lyingSessions((honest) => ({
    async renew(key, request, highest) {
      const { lock, now } = await honest.read(key, 0);
      return (lock?.expiresAt ?? 0) > now ? honest.renew(key, request, highest) : undefined;
    },
  })),
  'releases whosever lock it is': lyingSessions((_honest, parts) => ({
    async release(key) {
      overwrite(parts, key, () => ({ lock: undefined }));
    },
  })),
  'does not release': lyingSessions(() => ({ release: async () => Promise.resolve() })),
  'lowers the highest sequence': lyingSessions((honest, parts) => ({
    async renew(key, request, highestSequence) {
      const grant = await honest.renew(key, request, highestSequence);
      if (grant !== undefined) overwrite(parts, key, () => ({ highestSequence }));
      return grant;
    },
  })),
  'has one lock for all': confusing((key) => ({ ...key, service: 'one', environment: 'for', tenant: 'all' })),
  'tells the time in seconds': misreading((content) => ({ ...content, now: Math.floor(content.now / 1000) })),
  'tells fractions of milliseconds': misreading((content) => ({ ...content, now: content.now + 0.5 })),
  'tells the time of another zone': misreading((content) => ({ ...content, now: content.now + 3_600_000 })),
};

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
  'leaves its settings behind': lyingSessions(() => ({ close: async () => Promise.resolve() })),
};

const SHARING: Readonly<Record<string, Make>> = {
  'does not say that it can share transactions': lying((honest) => ({
    capabilities: { ...honest.capabilities, sharedTransactions: false },
  })),
  'appends past the transaction': lyingWithin((_honest, parts) => ({
    async append(key, { sequence, text, hash }) {
      overwrite(parts, key, ({ entries }) => ({ entries: [...entries, { sequence, text, hash }] }));
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
      overwrite(parts, key, () => ({ lock: { ...lock, expiresAt: now + leaseMs } }));
      return { now };
    },
  })),
  'writes into a transaction that is not its own': lyingSessions((_honest, parts) => ({
    async append(key, { sequence, text, hash }) {
      overwrite(parts, key, ({ entries }) => ({ entries: [...entries, { sequence, text, hash }] }));
    },
  })),
};

/** Stores that break one promise each, by what they do. */
export const defectiveStores: Readonly<Record<string, Make>> = {
  ...TEXTS,
  ...LEDGER,
  ...LOCK,
  ...SCHEMA_AND_SESSIONS,
  ...SHARING,
};

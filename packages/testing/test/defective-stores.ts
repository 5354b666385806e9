import { setTimeout as sleep } from 'node:timers/promises';
import { type EntryColumns, hasCode, type StoredEntry } from '@flamingock/core/spi';
import { hashOf } from '../src/audit-store/samples.js';
import { defectiveCheckpoints } from './defective-checkpoints.js';
import { defectiveConnections } from './defective-connections.js';
import { confusing, lying, lyingSessions, type Make, misreading, rewriting } from './lying.js';
import { overwrite } from './memory-harness.js';

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
      overwrite(parts.database, key, ({ entries }) => ({
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
      overwrite(parts.database, key, (ledger) => ({
        entries: [...ledger.entries, { sequence, text, hash }],
      }));
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
  'counts the entries that it should find': misreading((content, after) => ({
    ...content,
    preceding: Math.min(after, content.highestSequence),
  })),
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
  'computes the hashes that it reads': misreading((content) => ({
    ...content,
    entries: content.entries.map((entry) => ({ ...entry, hash: hashOf(entry.text) })),
  })),
  'remembers columns instead of reading them': lying((honest) => {
    let remembered: Promise<readonly EntryColumns[]> | undefined;
    return { columns: (key) => (remembered ??= honest.columns?.(key) ?? Promise.resolve([])) };
  }),
  'leaves out what was edited': misreading((content) => ({
    ...content,
    entries: content.entries.filter(({ text, hash }) => hashOf(text) === hash),
  })),
  'knows no other tenants': lying((honest, { database }) => ({
    environments: async (service, tenant) => {
      const ids = [...database.contents().ledgers.keys()].map((id) => JSON.parse(id) as string[]);
      return ids.some(([, , name]) => name === tenant) ? honest.environments(service, tenant) : [];
    },
  })),
  'lists the environments of all services': lying((_honest, { database }) => ({
    environments: async () =>
      [...database.contents().ledgers.keys()].map((id) => (JSON.parse(id) as string[])[1] ?? ''),
  })),
  'lists the ledgers of one tenant only': lying((honest) => ({
    ledgers: async () => (await honest.ledgers()).filter(({ tenant }) => tenant === ''),
  })),
};

const LOCK: Readonly<Record<string, Make>> = {
  'gives the lock to everybody': lyingSessions((honest, parts) => ({
    async acquire(key, request) {
      overwrite(parts.database, key, () => ({ lock: undefined }));
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
      overwrite(parts.database, key, () => ({ lock: undefined }));
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
      overwrite(parts.database, key, () => ({ lock: undefined }));
    },
  })),
  'does not release': lyingSessions(() => ({ release: async () => Promise.resolve() })),
  'lowers the highest sequence': lyingSessions((honest, parts) => ({
    async renew(key, request, highestSequence) {
      const grant = await honest.renew(key, request, highestSequence);
      if (grant !== undefined) overwrite(parts.database, key, () => ({ highestSequence }));
      return grant;
    },
  })),
  'forgets how far the ledger has come with a release': misreading((content) => ({
    ...content,
    highestSequence: content.lock === undefined ? 0 : content.highestSequence,
  })),
  'takes the last entry for the end of the ledger': misreading((content) => ({
    ...content,
    highestSequence: content.entries.at(-1)?.sequence ?? 0,
  })),
  'judges leases by the clock of the process': lyingSessions((honest, parts) => ({
    async acquire(key, request) {
      const { lock } = await honest.read(key, 0);
      if (lock !== undefined && lock.owner !== request.owner) {
        if (lock.expiresAt > Date.now()) return undefined;
        overwrite(parts.database, key, () => ({ lock: { ...lock, expiresAt: 1 } }));
      }
      return honest.acquire(key, request);
    },
  })),
  'ends leases by the clock of the process': lyingSessions((honest) => ({
    async acquire(key, request) {
      const grant = await honest.acquire(key, request);
      return grant === undefined ? undefined : { ...grant, now: Date.now() };
    },
    async renew(key, request, highest) {
      const grant = await honest.renew(key, request, highest);
      return grant === undefined ? undefined : { now: Date.now() };
    },
  })),
  'reads local times': (parts) =>
    misreading((content) => {
      const { lock } = content;
      const offsetMs = parts.connection.timeZone === 'Asia/Kathmandu' ? 20_700_000 : 0;
      if (lock === undefined) return content;
      return { ...content, lock: { ...lock, expiresAt: lock.expiresAt + offsetMs } };
    })(parts),
  'has one lock for all': confusing((key) => ({ ...key, service: 'one', environment: 'for', tenant: 'all' })),
  'tells the time in seconds': misreading((content) => ({ ...content, now: Math.floor(content.now / 1000) })),
  'tells fractions of milliseconds': misreading((content) => ({ ...content, now: content.now + 0.5 })),
  'tells the time of another zone': misreading((content) => ({ ...content, now: content.now + 3_600_000 })),
};

/** Stores that break one promise each, by what they do. */
export const defectiveStores: Readonly<Record<string, Make>> = {
  ...TEXTS,
  ...LEDGER,
  ...LOCK,
  ...defectiveCheckpoints,
  ...defectiveConnections,
};

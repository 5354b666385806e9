import type {
  AuditSession,
  AuditStore,
  CheckpointWriter,
  LedgerContent,
  LedgerKey,
  LedgerWriter,
} from '@flamingock/core/spi';
import { type Parts, tabledStore } from './tabled-memory.js';

/** Makes a store over shared parts, one for each instance. */
export type Make = (parts: Parts) => AuditStore;

/** An honest store of which some methods lie. */
export function lying(lies: (honest: AuditStore, parts: Parts) => Partial<AuditStore>): Make {
  return (parts) => {
    const honest = tabledStore(parts);
    return { ...honest, ...lies(honest, parts) };
  };
}

/** An honest store whose sessions lie in some methods. */
export function lyingSessions(lies: (honest: AuditSession, parts: Parts) => Partial<AuditSession>): Make {
  return lying((honest, parts) => ({
    async openSession() {
      const session = await honest.openSession();
      return { ...session, ...lies(session, parts) };
    },
  }));
}

/** An honest store that changes what it reads. */
export function misreading(change: (content: LedgerContent, after: number) => LedgerContent): Make {
  return lying((honest) => ({
    read: async (key, after, declaration) => change(await honest.read(key, after, declaration), after),
    async openSession() {
      const session = await honest.openSession();
      return { ...session, read: async (key, after) => change(await session.read(key, after), after) };
    },
  }));
}

/** An honest store that changes the text of what it appends. */
export function rewriting(change: (text: string) => string): Make {
  return lyingSessions((honest) => ({
    append: (key, entry) => honest.append(key, { ...entry, text: change(entry.text) }),
  }));
}

/** An honest store that takes different keys for the same. */
export function confusing(change: (key: LedgerKey) => LedgerKey): Make {
  return lying((honest) => ({
    read: (key, after, declaration) => honest.read(change(key), after, declaration),
    async openSession() {
      const session = await honest.openSession();
      return {
        ...session,
        read: (key, after) => session.read(change(key), after),
        append: (key, entry) => session.append(change(key), entry),
        acquire: (key, request) => session.acquire(change(key), request),
        renew: (key, request, highest) => session.renew(change(key), request, highest),
        release: (key, owner, highest, completeFor) =>
          session.release(change(key), owner, highest, completeFor),
      };
    },
  }));
}

/** An honest store that lies inside of transactions. */
export function lyingWithin(lies: (honest: LedgerWriter, parts: Parts) => Partial<LedgerWriter>): Make {
  return lying((store, parts) => ({
    within(connection) {
      const honest = store.within?.(connection);
      if (honest === undefined) throw new Error('the honest store has within()');
      return {
        append: (key, entry) => honest.append(key, entry),
        renew: (key, request, highest) => honest.renew(key, request, highest),
        ...lies(honest, parts),
      };
    },
  }));
}

/** An honest store whose checkpoints lie in some methods. */
export function lyingCheckpoints(lies: (honest: CheckpointWriter) => Partial<CheckpointWriter>): Make {
  return lyingSessions(({ checkpoints: honest }) => {
    if (honest === undefined) throw new TypeError('the honest store has checkpoints');
    return {
      checkpoints: {
        claim: (key, changeId, sequence) => honest.claim(key, changeId, sequence),
        save: (key, changeId, value) => honest.save(key, changeId, value),
        ...lies(honest),
      },
    };
  });
}

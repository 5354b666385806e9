import { lying, lyingCheckpoints, lyingSessions, type Make, misreading } from './lying.js';
import { overwrite } from './memory-harness.js';

/** Stores that break one promise of checkpoints or declarations each, by what they do. */
export const defectiveCheckpoints: Readonly<Record<string, Make>> = {
  'does not say that it keeps checkpoints': lying((honest) => ({
    capabilities: { ...honest.capabilities, checkpoints: false },
  })),
  'forgets a checkpoint with the next claim': lyingCheckpoints((honest) => ({
    async claim(key, changeId, sequence) {
      const found = await honest.claim(key, changeId, sequence);
      return found === undefined ? undefined : { savedBy: 0, text: undefined };
    },
  })),
  'trims checkpoints': lyingCheckpoints((honest) => ({
    save: (key, changeId, value) => honest.save(key, changeId, { ...value, text: value.text.slice(0, 255) }),
  })),
  'saves for whoever asks': lyingCheckpoints((honest) => ({
    async save(key, changeId, value) {
      await honest.claim(key, changeId, value.sequence);
      await honest.save(key, changeId, value);
      return true;
    },
  })),
  'saves values in the order in which they come': lyingCheckpoints((honest) => ({
    save: (key, changeId, value) => honest.save(key, changeId, { ...value, revision: 1 }),
  })),
  'compares the ids of changes without case': lyingCheckpoints((honest) => ({
    claim: (key, changeId, sequence) => honest.claim(key, changeId.toLowerCase(), sequence),
    save: (key, changeId, value) => honest.save(key, changeId.toLowerCase(), value),
  })),
  'is complete for every declaration': misreading((content) =>
    content.lock === undefined && content.highestSequence > 0
      ? { ...content, complete: true, entries: [] }
      : content,
  ),
  'is complete while somebody has the lock': lying((honest, { database }) => ({
    async openSession() {
      const session = await honest.openSession();
      return {
        ...session,
        async acquire(key, request) {
          const { completeFor } = database.ledger(key);
          const grant = await session.acquire(key, request);
          overwrite(database, key, () => ({ completeFor }));
          return grant;
        },
      };
    },
  })),
  'is complete with whatever end': lying((honest, { database }) => ({
    async read(key, after, declaration) {
      const content = await honest.read(key, after, declaration);
      const complete = declaration !== undefined && database.ledger(key).completeFor === declaration;
      return complete ? { ...content, complete, entries: [] } : content;
    },
  })),
  'notes for somebody else what is complete': lyingSessions((honest, { database }) => ({
    async release(key, owner, highest, completeFor) {
      await honest.release(key, owner, highest, completeFor);
      overwrite(database, key, () => ({ completeFor }));
    },
  })),
};

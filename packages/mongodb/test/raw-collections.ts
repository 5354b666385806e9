import type { LedgerKey } from '@flamingock/core/spi';
import type { AuditDatabase, RawFence, TargetDatabase } from '@flamingock/testing';
import type { Collection, Db, Document } from 'mongodb';

/** Reads and writes the audit collections around the store, with statements of its own. */
export function rawAuditCollections(
  db: Db,
): Pick<
  AuditDatabase,
  'rawEntries' | 'editEntry' | 'editState' | 'rawLock' | 'expireLock' | 'setSchemaVersion'
> {
  const [ledger, lock] = [named(db, 'ledger'), named(db, 'lock')];
  return {
    async rawEntries(key) {
      const found = await ledger.find(partsOf(key)).sort({ '_id.sequence': 1 }).toArray();
      return found.map(({ _id, entry, hash }) => ({
        sequence: (_id as unknown as { sequence: number }).sequence,
        text: entry as string,
        hash: hash as string,
      }));
    },
    async editEntry(key, sequence, text) {
      const of = { ...partsOf(key), '_id.sequence': sequence };
      await (text === undefined ? ledger.deleteOne(of) : ledger.updateOne(of, { $set: { entry: text } }));
    },
    async editState(key, sequence, state) {
      await ledger.updateOne({ ...partsOf(key), '_id.sequence': sequence }, { $set: { state } });
    },
    async rawLock(key) {
      const found = await lock.findOne(partsOf(key));
      if (found === null) return undefined;
      return {
        owner: (found['owner'] as string | null) ?? undefined,
        expiresAt: (found['expiresAt'] as Date).getTime(),
        highestSequence: found['highestSequence'] as number,
      };
    },
    async expireLock(key) {
      await lock.updateOne(partsOf(key), { $set: { expiresAt: new Date(1) } });
    },
    async setSchemaVersion(version) {
      await named(db, 'schema').updateOne({}, { $set: { version } });
    },
  };
}

/** Reads and writes the fence around the target, with statements of its own. */
export function rawFences(db: Db): Pick<TargetDatabase, 'rawFence' | 'restoreFence'> {
  const fences = named(db, 'fence');
  const of = ({ service, tenant }: LedgerKey): Document => ({ '_id.service': service, '_id.tenant': tenant });
  return {
    async rawFence(key) {
      const found = await fences.findOne(of(key), { projection: { _id: 0, claims: 0 } });
      return (found as RawFence | null) ?? undefined;
    },
    async restoreFence(key, fence) {
      await (fence === undefined
        ? fences.deleteOne(of(key))
        : fences.updateOne(of(key), { $set: { ...fence } }));
    },
  };
}

function named(db: Db, name: string): Collection {
  return db.collection(`flamingock_${name}`, { writeConcern: { w: 'majority' } });
}

function partsOf({ service, environment, tenant }: LedgerKey): Document {
  return { '_id.service': service, '_id.environment': environment, '_id.tenant': tenant };
}

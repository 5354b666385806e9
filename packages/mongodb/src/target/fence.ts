import type { ClaimAnswer, FenceAnswer, FenceKey, FenceRow } from '@flamingock/core/spi';
import type { ClientSession, Filter } from 'mongodb';
import { type FenceDocument, ownerId } from '../collections.js';
import { isDuplicateId, storeBusy } from '../errors.js';
import { inOwnTransaction, within } from '../own-transaction.js';
import type { TargetDatabase } from './target-database.js';

/** Claims the fence, whose collection comes with its first document. */
export function claimFence(
  database: TargetDatabase,
  { key, token, expected }: { readonly key: FenceKey; readonly token: number; readonly expected: number },
): Promise<ClaimAnswer> {
  const { fence } = database.collections;
  return database.fencing(async () => {
    const claimed = await inOwnTransaction(database.given, (session) =>
      fence.findOneAndUpdate(
        {
          _id: fenceId(key),
          environment: key.environment,
          claimed: { $lte: token },
          applied: { $gte: expected },
        },
        { $set: { claimed: token }, $inc: { claims: 1 }, $setOnInsert: { begun: 0, applied: 0 } },
        // Where something is expected, nothing is created.
        { upsert: expected === 0, returnDocument: 'after', ...within(session) },
      ),
    ).catch((error: unknown) => {
      if (isDuplicateId(error)) return null;
      throw error;
    });
    if (claimed !== null) return { status: 'claimed', applied: claimed.applied, begun: claimed.begun };
    const found = await fence.findOne({ _id: fenceId(key) });
    if (found === null && expected > 0) return { status: 'behind', applied: 0 };
    // It went away between the two statements, or has changed there.
    if (found === null) throw storeBusy();
    if (found.environment !== key.environment) return { status: 'foreign', environment: found.environment };
    if (found.claimed > token) return { status: 'superseded', claimed: found.claimed };
    if (found.applied < expected) return { status: 'behind', applied: found.applied };
    throw storeBusy();
  });
}

/** Reads the fence as it stands; `undefined` where there is none. */
export function readFence(database: TargetDatabase, key: FenceKey): Promise<FenceRow | undefined> {
  return database.fencing(async () => {
    const found = await database.collections.fence.findOne({ _id: fenceId(key) });
    if (found === null) return undefined;
    const { environment, claimed, begun, applied } = found;
    return { environment, claimed, begun, applied };
  });
}

/** Rewrites the fence where it still is as a claim was answered. */
export function adoptFence(
  database: TargetDatabase,
  key: FenceKey,
  { claimed, sequence }: { readonly claimed: number; readonly sequence: number },
  shown: FenceAnswer,
): Promise<boolean> {
  const { environment } = key;
  return database.fencing(async () => {
    const { matchedCount } = await inOwnTransaction(database.given, (session) =>
      database.collections.fence.updateOne(
        { _id: fenceId(key), ...asShown(key, claimed, shown) },
        { $set: { environment, claimed, begun: sequence, applied: sequence }, $inc: { claims: 1 } },
        within(session),
      ),
    );
    return matchedCount === 1;
  });
}

/** Notes in the transaction of a change how far it has come; `false` where a later run has claimed the fence. */
export async function advanceFence(
  database: TargetDatabase,
  session: ClientSession,
  {
    key,
    claimed,
    set,
  }: { readonly key: FenceKey; readonly claimed: number; readonly set: Partial<FenceRow> },
): Promise<boolean> {
  const { matchedCount } = await database.collections.fence.updateOne(
    { _id: fenceId(key), environment: key.environment, claimed },
    { $set: set },
    { session },
  );
  return matchedCount === 1;
}

/**
 * Takes the turn of a transaction that is shared with the ledger: another one that has it makes this one conflict. `false`
 * where it has to be created first.
 */
export async function takeTurn(
  { collections }: TargetDatabase,
  session: ClientSession,
  key: FenceKey,
): Promise<boolean> {
  const { matchedCount } = await collections.turn.updateOne(
    { _id: ownerId(key) },
    { $inc: { turns: 1 } },
    { session },
  );
  return matchedCount === 1;
}

/** Creates the turn of a ledger, before the transaction that takes it: in that one it would get in the way of other ledgers. */
export async function createTurn({ given, collections }: TargetDatabase, key: FenceKey): Promise<void> {
  await inOwnTransaction(given, (session) =>
    collections.turn.updateOne(
      { _id: ownerId(key) },
      { $setOnInsert: { turns: 0 } },
      { upsert: true, ...within(session) },
    ),
  ).catch((error: unknown) => {
    // Another process was faster.
    if (!isDuplicateId(error)) throw error;
  });
}

function asShown(key: FenceKey, token: number, shown: FenceAnswer): Filter<FenceDocument> {
  switch (shown.status) {
    case 'claimed':
      return { environment: key.environment, claimed: token };
    case 'superseded':
      return { environment: key.environment, claimed: shown.claimed };
    case 'foreign':
      // Its token is not told.
      return { environment: shown.environment };
  }
}

function fenceId({ service, tenant }: FenceKey): FenceDocument['_id'] {
  return { service, tenant };
}

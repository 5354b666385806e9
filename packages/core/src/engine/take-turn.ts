import { FlamingockError, hasCode } from '../errors.js';
import type { AuditSession, LockRecord } from '../ledger/audit-store.js';
import type { LedgerState } from '../ledger/fold.js';
import type { LedgerView } from '../ledger/ledger-view.js';
import { Lease } from '../lock/lease.js';
import type { ClockReading } from '../time.js';
import type { EngineContext } from './context.js';
import { LedgerWatch, type Watching } from './ledger-watch.js';
import { PinnedSession } from './pinned-session.js';
import { currentHolder } from './sequence.js';

/** The lock and the pinned connection under which everything is written. */
export interface Turn {
  readonly lease: Lease;
  readonly session: AuditSession;
  readonly tookOverFrom: string | undefined;
  /** The ledger as it was read last without the lock. What counts is {@link readUnderLock}, which goes on from there. */
  readonly known: LedgerState;
}

/**
 * Takes the lock, or waits until `look` says that there is no need for it any more. A waiter asks for the lock only
 * when it reads that nobody holds it.
 *
 * @param first the reading that made the lock necessary
 * @returns the turn, or `undefined` when `look` ended the wait
 */
export async function takeTurn(
  engine: EngineContext,
  first: LedgerView,
  watching: Pick<Watching, 'look' | 'onWait' | 'waitMs'>,
): Promise<Turn | undefined> {
  const watch = new LedgerWatch(engine, first.state, {
    ...watching,
    impatient: (holder = currentHolder(first)) => notObtained(watching.waitMs ?? engine.lease.waitMs, holder),
  });
  // Of this turn alone: two turns of one instance (a run, a person's word) must not give back each other's lock.
  const owner = `${engine.instance.instanceId}:${engine.time.id().slice(0, 8)}`;
  for (;;) {
    const turn = await tryTurn(engine, owner);
    if (turn !== undefined) return { ...turn, known: watch.known };
    let seen: Awaited<ReturnType<LedgerWatch['next']>>;
    do {
      seen = await watch.next();
      if (seen === 'done') return undefined;
    } while (seen === 'held');
  }
}

async function tryTurn(engine: EngineContext, owner: string): Promise<Omit<Turn, 'known'> | undefined> {
  const { instance, lease, key, access, time } = engine;
  const session = new PinnedSession(access, await access.openSession());
  try {
    const request = {
      owner,
      host: instance.host,
      processId: instance.processId,
      leaseMs: lease.leaseMs,
    };
    let sentAt: ClockReading = time.clocks();
    const grant = await access.bounded(() => {
      sentAt = time.clocks();
      return session.acquire(key, request).catch(asNotGranted);
    });
    if (grant === undefined) {
      await access.closeSession(session);
      return undefined;
    }
    const held = new Lease(session, { key, request, renewMs: lease.renewMs, time }, grant, sentAt);
    return { lease: held, session, tookOverFrom: grant.tookOverFrom };
  } catch (error) {
    await access.closeSession(session);
    throw error;
  }
}

/** A store that is busy is being written to by whoever has the lock, also beyond the lease: wait like for any holder. */
function asNotGranted(error: unknown): undefined {
  if (!hasCode(error, 'FLG_STORE_BUSY')) throw error;
  return undefined;
}

function notObtained(waitMs: number, holder: LockRecord | undefined): FlamingockError {
  const who =
    holder === undefined
      ? 'another instance'
      : `process ${holder.processId} on ${holder.host}, since ${new Date(holder.acquiredAt).toISOString()}`;
  const longer =
    waitMs === 0
      ? 'Wait for it with `flamingock apply --wait`, or look at it with `flamingock lock show`'
      : 'Look at what that instance is doing (`flamingock lock show`); a longer wait is set by lock.waitMs';
  return new FlamingockError({
    code: 'FLG_LOCK_NOT_OBTAINED',
    message: `The lock is held by ${who}${waitMs === 0 ? '' : `; it was not given back within ${waitMs} ms`}.`,
    hint: `${longer}. A lock left behind by a dead process expires by itself.`,
  });
}

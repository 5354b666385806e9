import { FlamingockError, hasCode } from '../errors.js';
import type { EngineContext } from './context.js';
import { currentHolder } from './sequence.js';
import type { AuditSession, LedgerContent, LockRecord } from '../ledger/audit-store.js';
import { Lease } from '../lock/lease.js';
import { type ClockReading, pause, type Time, waitedSince } from '../time.js';

/** The lock and the pinned connection under which everything is written. */
export interface Turn {
  readonly lease: Lease;
  readonly session: AuditSession;
  readonly tookOverFrom: string | undefined;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * Takes the lock, or waits until `look` says that there is no need for it any more.
 *
 * A waiter needs no connection of its own: it polls with jittered back-off and asks for the lock only when it
 * reads that nobody holds it.
 *
 * @param first the reading that made the lock necessary
 * @param look is shown the ledger whenever it has grown; returns `true` to go on without the lock, throws to fail
 * @param onWait is told whom this instance waits for, each time that changes
 * @returns the turn, or `undefined` when `look` ended the wait
 */
export async function takeTurn(
  engine: EngineContext,
  first: LedgerContent,
  look: (content: LedgerContent) => boolean,
  onWait: (holder: LockRecord) => void,
): Promise<Turn | undefined> {
  const began = engine.time.clocks();
  // Of this turn alone: two turns of one instance (a run, a person's word) must not give back each other's lock.
  const owner = `${engine.instance.instanceId}:${engine.time.id().slice(0, 8)}`;
  let known = first;
  let waitingFor: string | undefined;
  for (let round = 0; ; round += 1) {
    const turn = await tryTurn(engine, owner);
    if (turn !== undefined) return turn;
    let holder: LockRecord | undefined;
    do {
      assertPatient(engine, began, holder);
      await pause(engine.time, pauseMs(engine.time, round), engine.closing);
      const news = await engine.access.read(engine.key, known.entries.at(-1)?.sequence);
      known = { ...news, entries: [...known.entries, ...news.entries] };
      if (news.entries.length > 0 && look(known)) return undefined;
      holder = currentHolder(known);
      if (known.lock !== undefined && known.lock.owner !== waitingFor) {
        waitingFor = known.lock.owner;
        onWait(known.lock);
      }
      round += 1;
    } while (holder !== undefined);
  }
}

async function tryTurn(engine: EngineContext, owner: string): Promise<Turn | undefined> {
  const { instance, lease, key, access, time } = engine;
  const session = await access.openSession();
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

function pauseMs(time: Time, round: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.5 ** round);
  return longest / 2 + (time.random() * longest) / 2;
}

function assertPatient(engine: EngineContext, began: ClockReading, holder: LockRecord | undefined): void {
  if (engine.closing.aborted) {
    throw new FlamingockError({
      code: 'FLG_CLOSED',
      message: 'The instance was closed while it waited for the lock.',
      hint: 'Start again: the next start goes on where the sequence stands.',
    });
  }
  if (waitedSince(engine.time, began) < engine.lease.waitMs) return;
  const who = holder === undefined ? 'another instance' : `process ${holder.processId} on ${holder.host}`;
  throw new FlamingockError({
    code: 'FLG_LOCK_NOT_OBTAINED',
    message: `The lock was not obtained within ${engine.lease.waitMs} ms; ${who} holds it.`,
    hint: 'Look at what that instance is doing; a longer wait is set by lock.waitMs. A lock left behind by a dead process expires by itself.',
  });
}

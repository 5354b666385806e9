import { endTurn, ledgerTail } from '../engine/begin-run.js';
import type { EngineContext } from '../engine/context.js';
import type { LedgerTail } from '../engine/ledger-tail.js';
import { assertPerson, recordedPerson, takePersonsTurn } from '../engine/person.js';
import { readUnderLock } from '../engine/read-under-lock.js';
import { readNow } from '../engine/sequence.js';
import type { Turn } from '../engine/take-turn.js';
import { FlamingockError, hasCode } from '../errors.js';
import type { LockRecord } from '../ledger/audit-store.js';
import type { Person } from '../operations.js';

/** Whose lock is taken away, by whom and why. */
export interface LockReleaseOptions extends Person {
  /** The `owner` of the lock that the person was shown: another one's is not touched. */
  readonly expected: string;
}

/** What became of a lock. */
export interface LockRelease {
  readonly released: LockRecord;
  /** Whether it was still held: its lease had not run out. */
  readonly wasHeld: boolean;
  /** The entry that tells of it; `undefined` where another instance took the lock at once, and so has written its own. */
  readonly sequence: number | undefined;
}

/**
 * Takes the lock away from its holder. The holder can renew nothing any more; and because a `run` entry with the person
 * and the reason follows at once, whatever it still appends collides.
 *
 * Throws `FLG_LOCK_RELEASE_REFUSED` where nobody has it, or somebody else than the person was shown, `FLG_OPTION_INVALID`,
 * and what the store throws.
 */
export async function releaseLock(engine: EngineContext, options: LockReleaseOptions): Promise<LockRelease> {
  const { expected } = options;
  assertPerson('releaseLock()', options, ['expected']);
  const { lock, now } = await readNow(engine, []);
  if (lock === undefined) throw refused('Nobody has the lock');
  if (lock.owner !== expected)
    throw refused(`Process ${lock.processId} on ${lock.host} has the lock by now, and not who was shown`);
  const session = await engine.access.openSession();
  try {
    await engine.access.bounded(() => session.release(engine.key, expected, 0));
  } finally {
    await engine.access.closeSession(session);
  }
  const sequence = await noteRelease(engine, options);
  return { released: lock, wasHeld: lock.expiresAt > now, sequence };
}

async function noteRelease(
  engine: EngineContext,
  { expected, ...person }: LockReleaseOptions,
): Promise<number | undefined> {
  let turn: Turn;
  try {
    // Whoever has it now has begun a run of its own, which stands in the ledger for this one.
    const impatient = { ...engine, lease: { ...engine.lease, waitMs: 1 } };
    turn = await takePersonsTurn(impatient, await readNow(engine, []));
  } catch (error) {
    if (hasCode(error, 'FLG_LOCK_NOT_OBTAINED')) return undefined;
    throw error;
  }
  let tail: LedgerTail | undefined;
  try {
    for (;;) {
      tail = ledgerTail(engine, turn, await readUnderLock(engine, turn, []), engine.time.id());
      const entry = await tail.begin({
        tookOverFrom: expected,
        metadata: { command: 'lock release', ...recordedPerson(engine, person) },
      });
      if (entry !== undefined) return entry.sequence;
    }
  } finally {
    await endTurn(engine, turn, tail);
  }
}

function refused(why: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_LOCK_RELEASE_REFUSED',
    message: `${why}; nothing was released.`,
    hint: 'Look at the lock again: `flamingock lock show`. A lock whose lease has run out is taken over by the next start; nobody needs to release it.',
  });
}

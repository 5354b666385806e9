import type { EngineContext } from '../engine/context.js';
import { FlamingockError, isFlamingockError } from '../errors.js';
import { isApplied } from '../ledger/change-record.js';
import type { AdoptionEntry } from '../ledger/entry.js';
import { expectedFence, type LedgerState } from '../ledger/fold.js';
import { viewOf } from '../ledger/ledger-view.js';
import { strangeFence } from '../ledger/strange-fence.js';
import { orAbort } from '../lock/or-abort.js';
import { leavingError } from '../report/leaving-error.js';
import type { FenceRow, Target } from '../target/target.js';

/**
 * How a target system stands to its ledger. `in-order`; `unknown`: nothing tells, because it has no fence or could not be
 * asked; `moved`: another identity than the recorded one; `behind`: its fence shows less than the ledger has committed
 * there; `ahead`: it shows what the ledger does not know; `past`: it shows what an earlier epoch of the ledger has committed
 * there; `foreign`: another environment has claimed it.
 */
export type TargetStanding = 'in-order' | 'unknown' | 'moved' | 'behind' | 'ahead' | 'past' | 'foreign';

/** One target system, held against the ledger. */
export interface TargetFacts {
  readonly name: string;
  readonly kind: string;
  readonly identity: string | undefined;
  /** What the ledger has recorded of it. */
  readonly recordedIdentity: string | undefined;
  readonly standing: TargetStanding;
  /** `undefined`: there is none, or it could not be read. */
  readonly fence: FenceRow | undefined;
  /** The least `applied` that the ledger expects of the fence; 0: none. */
  readonly expected: number;
  /** Why the fence could not be read. */
  readonly problem: FlamingockError | undefined;
  /** Ids of the changes that are applied there. */
  readonly applied: readonly string[];
  readonly adoption: Pick<AdoptionEntry, 'sequence' | 'found' | 'at' | 'actor' | 'reason'> | undefined;
}

/** Asks every target system for its fence, and claims nothing. */
export async function targetFacts(
  engine: EngineContext,
  targets: Readonly<Record<string, Target>>,
): Promise<readonly TargetFacts[]> {
  const { state } = viewOf(await engine.access.read(engine.key));
  return Promise.all(
    Object.entries(targets).map(async ([name, target]) => {
      const { kind, identity } = target;
      const { fence, problem } = await fenceOf(engine, target);
      const recordedIdentity = state.identities.get(name);
      const expected = expectedFence(state, name);
      const adoption = state.adoptions.get(name);
      return {
        ...{ name, kind, identity, recordedIdentity, fence, expected, problem },
        standing: standingOf(engine, state, {
          ...{ identity, recordedIdentity, fence, expected },
          wasAsked: problem === undefined && target.transactions?.fence !== undefined,
        }),
        applied: [...state.changes.values()]
          .filter(({ latest }) => latest.targetSystem === name && isApplied(latest))
          .map(({ latest }) => latest.changeId),
        adoption:
          adoption === undefined
            ? undefined
            : {
                sequence: adoption.sequence,
                found: adoption.found,
                at: adoption.at,
                actor: adoption.actor,
                reason: adoption.reason,
              },
      };
    }),
  );
}

async function fenceOf(
  { key, time, redactor, lease }: EngineContext,
  { transactions }: Target,
): Promise<Pick<TargetFacts, 'fence' | 'problem'>> {
  const limit = new AbortController();
  // A system that is silently dead never answers; the others are shown all the same.
  const cancel = time.after(Math.min(lease.waitMs, FENCE_TIMEOUT_MS), () => {
    limit.abort(new Error(`it did not answer within ${FENCE_TIMEOUT_MS} ms`));
  });
  try {
    return {
      fence: await orAbort(Promise.resolve(transactions?.fence?.(key)), limit.signal),
      problem: undefined,
    };
  } catch (error) {
    const problem = isFlamingockError(error)
      ? leavingError(error, redactor)
      : unreachable(redactor.record(error).message);
    return { fence: undefined, problem };
  } finally {
    cancel();
  }
}

const FENCE_TIMEOUT_MS = 10_000;

function standingOf(
  { key }: EngineContext,
  state: LedgerState,
  {
    identity,
    recordedIdentity,
    fence,
    expected,
    wasAsked,
  }: Pick<TargetFacts, 'identity' | 'recordedIdentity' | 'fence' | 'expected'> & {
    readonly wasAsked: boolean;
  },
): TargetStanding {
  if (fence !== undefined && fence.environment !== key.environment) return 'foreign';
  const strange = fence === undefined ? undefined : strangeFence(state, fence);
  if (strange !== undefined) return strange.found;
  // A system that was made anew has no fence at all.
  if (wasAsked && (fence?.applied ?? 0) < expected) return 'behind';
  if (recordedIdentity !== undefined && recordedIdentity !== identity) return 'moved';
  return fence === undefined ? 'unknown' : 'in-order';
}

function unreachable(reason: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_UNREACHABLE',
    message: `Its fence could not be read: ${reason}.`,
    hint: 'Check that it is running and that it can be reached from here.',
  });
}

import type { ClaimAnswer, FenceAnswer, FenceKey, TransactionRequest } from '../../src/target/target.js';
import type { Statement, View } from './database.js';
import type { Defects } from './defects.js';
import { ENGINE_LOCK_TIMEOUT_MS } from './ledger-statements.js';

/** The fence row of the one service that is simulated. */
export interface FenceRow {
  readonly environment: string;
  readonly claimed: number;
  readonly begun: number;
  readonly applied: number;
}

type FenceTerms = NonNullable<TransactionRequest['fence']>;

/** What only one shared transaction of a ledger can hold. */
export const SHARED_TURN = 'the turn of shared transactions';

export function claim(
  { environment }: FenceKey,
  token: number,
  expected: number,
  defects: Defects,
): Statement {
  const locks = defects.has('a claim does not wait for open transactions') ? [] : ['fence'];
  return writing(locks, (view): ClaimAnswer => {
    const fence = fenceIn(view) ?? { environment, claimed: 0, begun: 0, applied: 0 };
    if (fence.environment !== environment) return { status: 'foreign', environment: fence.environment };
    if (fence.claimed > token) return { status: 'superseded', claimed: fence.claimed };
    if (fence.applied < expected) return { status: 'behind', applied: fence.applied };
    view.set('fence', { ...fence, claimed: token });
    return { status: 'claimed', applied: fence.applied, begun: fence.begun };
  });
}

/** Opens a transaction of `TX_SEPARATE`; `false`: a later run has claimed the fence. */
export function markBegun({ claimed, sequence }: FenceTerms, defects: Defects): Statement {
  return writing(['fence'], (view): boolean => {
    const fence = fenceIn(view);
    if (fence === undefined) return false;
    if (fence.claimed !== claimed && !defects.has('the fence matches every run')) return false;
    const early = defects.has('the fence is marked as applied at the beginning') ? { applied: sequence } : {};
    view.set('fence', { ...fence, begun: sequence, ...early });
    return true;
  });
}

export function markApplied({ sequence }: FenceTerms): Statement {
  return writing(['fence'], (view) => {
    const fence = fenceIn(view);
    if (fence !== undefined) view.set('fence', { ...fence, applied: sequence });
  });
}

/** A person's word that this is the system to use; `false`: the fence is not any more as it was shown. */
export function adopt(
  { environment }: FenceKey,
  { claimed, sequence }: FenceTerms,
  shown: FenceAnswer,
): Statement {
  return writing(['fence'], (view): boolean => {
    const fence = fenceIn(view);
    const holder = { claimed, superseded: 'claimed' in shown ? shown.claimed : 0, foreign: fence?.claimed };
    if (fence?.environment !== environment || fence.claimed !== holder[shown.status]) return false;
    view.set('fence', { environment, claimed, begun: sequence, applied: sequence });
    return true;
  });
}

/** Opens a transaction of `TX_SHARED`. */
export function takeSharedTurn(): Statement {
  return writing([SHARED_TURN], () => true);
}

function writing(locks: readonly string[], run: (view: View) => unknown): Statement {
  return { locks, lockTimeoutMs: ENGINE_LOCK_TIMEOUT_MS, run };
}

function fenceIn(view: View): FenceRow | undefined {
  return view.get('fence') as FenceRow | undefined;
}

import { FlamingockError } from '../errors.js';
import type { LedgerContent } from './audit-store.js';
import { fold, type LedgerState } from './fold.js';

/** A reading of the ledger of which only what counts is kept: its entries may be many. */
export interface LedgerView extends Pick<LedgerContent, 'initialised' | 'lock' | 'now'> {
  readonly state: LedgerState;
}

/**
 * What a reading comes to. Throws `FLG_LEDGER_INCOMPLETE` where entries are missing, `FLG_LEDGER_UNREADABLE`.
 *
 * @param content all entries
 */
export function viewOf(content: LedgerContent): LedgerView {
  return view(content, fold(content.entries));
}

/**
 * Reads on from what is known of a ledger. The head that is known is read once more: a ledger that has the same head is the
 * same ledger up to there, because each entry holds the hash of the one before. Any other one, such as one that was
 * restored meanwhile, is read from its beginning.
 *
 * Throws as {@link viewOf}, also where what was known by then is not there any more.
 *
 * @param read reads the entries above a sequence
 */
export async function viewAfter(
  known: LedgerState,
  read: (after: number) => Promise<LedgerContent>,
): Promise<LedgerView> {
  if (known.highestSequence === 0) return viewOf(await read(0));
  const content = await read(known.highestSequence - 1);
  const [head, ...news] = content.entries;
  const isSame = head?.sequence === known.highestSequence && head.hash === known.headHash;
  return isSame ? view(content, fold(news, known)) : viewOf(await read(0));
}

function view(content: LedgerContent, state: LedgerState): LedgerView {
  assertComplete(content, state);
  const { initialised, lock, now } = content;
  return { initialised, lock, now, state };
}

/** Where an entry is missing, what it told of would be done a second time. */
function assertComplete({ entries, preceding, highestSequence }: LedgerContent, state: LedgerState): void {
  const end = Math.max(state.highestSequence, highestSequence || 0);
  const left = preceding + entries.length;
  if (end === left) return;
  throw new FlamingockError({
    code: 'FLG_LEDGER_INCOMPLETE',
    message: `The ledger has come to entry ${end}, but ${left === 1 ? '1 entry is' : `${left} entries are`} left of it: some were deleted, or it was restored from a backup. No change was executed.`,
    hint: 'Restore the audit tables as a whole; with a ledger that has forgotten something, a change would be applied twice.',
  });
}

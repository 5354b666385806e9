import { FlamingockError, hasCode } from '../../errors.js';
import type { LeaseGrant } from '../../ledger/audit-store.js';
import type { SealedEntry } from '../../ledger/entry.js';
import type { ClockReading } from '../../time.js';
import type { TargetTransactions, TransactionOutcome } from '../../target/target.js';
import { attemptEntry, type Attempt, done, failed, type Outcome } from '../run-context.js';
import { ChangeCall } from './change-call.js';
import { transact } from './transact.js';
import { brokenOutcome } from './verify.js';

/**
 * `TX_SHARED`: one transaction holds the change and, as its last statement, the entry that it is done. A crash leaves
 * all or nothing, so nothing is written ahead.
 *
 * An outcome that came out with the transaction is `recorded`; the caller writes every other one.
 */
export async function executeShared(attempt: Attempt, transactions: TargetTransactions): Promise<Outcome> {
  const { lease, engine } = attempt.run;
  const run = (): Promise<Outcome> =>
    ChangeCall.of(attempt, attempt.action.method, (call) => executeIn(attempt, transactions, call));
  return engine.store.capabilities.singleConnection ? lease.whileSuspended(run) : run();
}

async function executeIn(
  attempt: Attempt,
  transactions: TargetTransactions,
  call: ChangeCall,
): Promise<Outcome> {
  const { lease, tail, engine } = attempt.run;
  const writing: { entry?: SealedEntry; grant?: LeaseGrant | undefined; sentAt?: ClockReading } = {};
  const outcome = await transact(attempt, transactions, call, {
    shared: { token: attempt.run.token },
    work: async (clients) => {
      lease.assertBegunInTime();
      await call.run(clients);
    },
    beforeCommit: async (connection) => {
      await lease.confirm();
      writing.entry = tail.prepare(attemptEntry(attempt, done(attempt, 'transaction')));
      writing.sentAt = engine.time.clocks();
      writing.grant = await write(attempt, connection, writing.entry);
    },
  });
  if (outcome.status === 'committed' && writing.entry !== undefined) {
    tail.advance(writing.entry);
    if (writing.grant !== undefined && writing.sentAt !== undefined)
      lease.confirmShared(writing.grant, writing.sentAt);
    return { ...done(attempt, 'transaction'), recorded: writing.entry.entry };
  }
  return failure(attempt, outcome, writing.entry);
}

/** Appends inside the transaction; on a store's only connection the lease is renewed by the same commit. */
async function write(
  attempt: Attempt,
  connection: unknown,
  entry: SealedEntry,
): Promise<LeaseGrant | undefined> {
  const { lease, engine } = attempt.run;
  const writer = engine.store.within?.(connection);
  if (writer === undefined)
    throw new TypeError(`The ${engine.store.kind} store declares shared transactions but has no within()`);
  await writer.append(engine.key, entry);
  if (!engine.store.capabilities.singleConnection) return undefined;
  const { request } = lease.renewal;
  const grant = await writer.renew(engine.key, request, entry.sequence);
  if (grant === undefined) throw lease.lose('another instance holds it');
  return grant;
}

async function failure(
  attempt: Attempt,
  outcome: TransactionOutcome,
  written: SealedEntry | undefined,
): Promise<Outcome> {
  const { lease, tail } = attempt.run;
  switch (outcome.status) {
    case 'rolled-back':
      if (hasCode(outcome.error, 'FLG_SEQUENCE_TAKEN'))
        throw lease.lose('a later run has written to the ledger');
      if (hasCode(outcome.error, 'FLG_LOCK_LOST')) throw outcome.error;
      return failed(attempt, 'transaction', outcome.error);
    case 'unknown': {
      if (written === undefined) return failed(attempt, 'none', outcome.error);
      const result = failed(attempt, 'transaction', outcome.error);
      const found = await tail.settle(
        written,
        tail.prepare(attemptEntry(attempt, { ...result, final: true })),
      );
      if (found === written) return { ...done(attempt, 'transaction'), recorded: found.entry };
      return { ...result, recorded: found.entry };
    }
    case 'fenced':
      throw lease.lose('a later run has claimed the target system');
    case 'broken':
      return brokenOutcome(attempt, outcome.error);
    case 'committed':
      return failed(attempt, 'none', noEntry());
  }
}

function noEntry(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The target committed without writing the ledger entry.',
    hint: 'The target package is defective: its run() must call beforeCommit before it commits.',
  });
}

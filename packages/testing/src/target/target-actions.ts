import assert from 'node:assert/strict';
import {
  type BoundClients,
  type ClaimAnswer,
  type ClaimOptions,
  type FenceKey,
  hasCode,
  type Target,
  type TargetTransactions,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import { patiently } from '../patiently.js';
import { same } from '../same.js';
import type { TargetDatabase } from './harness.js';

export const KEY: FenceKey = { service: 'orders', environment: 'production', tenant: '' };

/** The transactional side of a target. */
export function transactionsOf(target: Target): TargetTransactions {
  assert.ok(target.transactions !== undefined, 'the target has transactions');
  return target.transactions;
}

/** Claims the fence for a run, again and again while the target is busy. */
export function claim(
  target: Target,
  token: number,
  key = KEY,
  options?: ClaimOptions,
): Promise<ClaimAnswer> {
  const transactions = transactionsOf(target);
  return patiently(() => transactions.claim(key, token, options));
}

/** Claims the fence for a run and returns what its transactions need. */
export async function claimed(
  target: Target,
  token: number,
  key = KEY,
): Promise<(sequence: number) => NonNullable<TransactionRequest['fence']>> {
  const answer = await claim(target, token, key);
  assert.equal(answer.status, 'claimed');
  return (sequence) => ({ claimed: token, sequence });
}

/** Runs one transaction, again and again while it cannot begin. */
export function run(
  target: Target,
  work: (clients: BoundClients) => Promise<void>,
  request: Partial<Omit<TransactionRequest, 'work'>> = {},
): Promise<TransactionOutcome> {
  const transactions = transactionsOf(target);
  return patiently(() => transactions.run({ key: KEY, idleTimeoutMs: 60_000, work, ...request }));
}

/** The outcome must be the one, with an error of the code. */
export function assertOutcome(
  outcome: TransactionOutcome,
  status: 'rolled-back' | 'broken',
  code: 'FLG_TRANSACTION_ABORTED' | 'FLG_TRANSACTION_BROKEN',
): void {
  assert.equal(outcome.status, status);
  assert.ok('error' in outcome && hasCode(outcome.error, code), `${code} was expected`);
}

/** What went before has left nothing behind on the connection. */
export async function assertUsable(database: TargetDatabase, target: Target): Promise<void> {
  const before = await database.rawValues();
  same(await run(target, (clients) => database.write(clients, 'z')), { status: 'committed' });
  same(await database.rawValues(), [...before, 'z']);
}

import assert from 'node:assert/strict';
import {
  type BoundClients,
  type FenceKey,
  hasCode,
  type Target,
  type TargetTransactions,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { patiently } from '../patiently.js';
import type { TargetAbility, TargetDatabase, TargetHarness, TargetStatements } from './harness.js';

export const KEY: FenceKey = { service: 'orders', environment: 'production', tenant: '' };

/** A case with a database of its own. */
export function targetCase(
  name: string,
  check: (database: TargetDatabase) => Promise<void>,
): ContractCase<TargetHarness> {
  return {
    name,
    async run(harness) {
      const database = await harness.database();
      try {
        await check(database);
      } finally {
        await database.close();
      }
    },
  };
}

/** A case for targets with an ability, and what must be true of a target without it. */
export function targetCaseWith(
  ability: TargetAbility,
  name: string,
  check: (database: TargetDatabase) => Promise<void>,
  otherwise: (database: TargetDatabase) => Promise<void>,
): ContractCase<TargetHarness> {
  return {
    name,
    run: (harness) =>
      targetCase(name, harness.lacks?.[ability] === undefined ? check : otherwise).run(harness),
  };
}

/** A case for targets whose changes send statements. */
export function statementCase(
  name: string,
  check: (database: TargetDatabase, statements: TargetStatements) => Promise<void>,
): ContractCase<TargetHarness> {
  return {
    name,
    run: (harness) =>
      targetCase(name, async (database) => {
        const { statements } = database;
        if (statements !== undefined) return check(database, statements);
        assert.ok(
          harness.lacks?.statements !== undefined,
          'the harness must say why there are no statements',
        );
      }).run(harness),
  };
}

/** The transactional side of a target. */
export function transactionsOf(target: Target): TargetTransactions {
  assert.ok(target.transactions !== undefined, 'the target has transactions');
  return target.transactions;
}

/** Claims the fence for a run and returns what its transactions need. */
export async function claimed(
  target: Target,
  token: number,
  key = KEY,
): Promise<(applied: number) => NonNullable<TransactionRequest['fence']>> {
  const answer = await patiently(() => transactionsOf(target).claim(key, token));
  assert.equal(answer.status, 'claimed');
  return (applied) => ({ key, claimed: token, applied });
}

/** Runs one transaction. */
export function run(
  target: Target,
  work: (clients: BoundClients) => Promise<void>,
  request: Partial<Pick<TransactionRequest, 'fence' | 'beforeCommit' | 'idleTimeoutMs'>> = {},
): Promise<TransactionOutcome> {
  return patiently(() => transactionsOf(target).run({ idleTimeoutMs: 60_000, work, ...request }));
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

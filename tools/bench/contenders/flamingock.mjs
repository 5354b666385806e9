import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFlamingock, defineChange } from '@flamingock/core';
import { SqlExecutor, sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { nameOf, numbers, statementOf } from '../changes.mjs';
import { seedLedger } from '../seed-ledger.mjs';
import { warmPool } from '../pools.mjs';

/** How a change is executed, as the ledger calls it. @typedef {'TX_SHARED' | 'TX_SEPARATE' | 'NON_TX'} Strategy */

/** @type {Readonly<Record<Strategy, string>>} */
const WORDS = { TX_SHARED: 'shared', TX_SEPARATE: 'separate', NON_TX: 'no transaction' };

/** @type {Readonly<Record<Strategy, string>>} */
const SAFETY = {
  TX_SHARED: 'a lease; each change with its record in one transaction',
  TX_SEPARATE:
    'a lease; each change in one transaction with a fence at its target, announced and recorded in the ledger',
  NON_TX: 'a lease; each change announced and recorded in the ledger',
};

/** Whose ledger the bench keeps. */
const LEDGER = { service: 'bench', environment: 'bench' };

const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../packages/core/package.json'), 'utf8'),
);

/**
 * This software on a pool of pg.
 *
 * @param {Strategy} strategy
 * @returns {import('./contender.mjs').Contender}
 */
export const flamingockOnPg = (strategy) => ({
  name: `flamingock (${WORDS[strategy]})`,
  version,
  way: 'createFlamingock({ … }).run() with a list of definitions, audit store and target on pg',
  safety: SAFETY[strategy],

  async open({ url, count }) {
    // Two pools are two databases to the engine: that is what makes a transaction a separate one.
    const auditPool = await warmPool(url);
    const targetPool = strategy === 'TX_SEPARATE' ? await warmPool(url) : auditPool;
    return {
      start: starter(sqlAuditStore(auditPool), sqlTarget(targetPool), count, strategy),
      close: () => Promise.all([...new Set([auditPool, targetPool])].map((pool) => pool.end())),
    };
  },

  seed: seedLedger,
});

/**
 * The start of an application that declares so many changes.
 *
 * @param {import('@flamingock/core').AuditStore} auditStore
 * @param {import('@flamingock/core').Target} target
 * @param {number} count
 * @param {Strategy} strategy
 */
export function starter(auditStore, target, count, strategy) {
  const changes = numbers(count).map(changeOf(strategy));
  return () =>
    createFlamingock({ ...LEDGER, auditStore, targets: { effects: target }, changes, logger: false }).run();
}

/** @param {Strategy} strategy */
const changeOf = (strategy) => (/** @type {number} */ number) =>
  defineChange({
    id: nameOf(number),
    order: number,
    name: nameOf(number),
    targetSystem: 'effects',
    transactional: strategy !== 'NON_TX',
    inject: { database: SqlExecutor },
    apply: ({ database }) => database.execute(statementOf(number)),
  });

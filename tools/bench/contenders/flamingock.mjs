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
 * What is the same of this software on every database.
 *
 * @param {Strategy} strategy
 */
export const flamingock = (strategy) => ({
  name: `flamingock (${WORDS[strategy]})`,
  version,
  safety: SAFETY[strategy],
});

/**
 * This software on a pool of pg.
 *
 * @param {Strategy} strategy
 * @returns {import('./contender.mjs').Contender}
 */
export const flamingockOnPg = (strategy) => ({
  ...flamingock(strategy),
  way: 'createFlamingock({ … }).run() with a list of definitions, audit store and target on pg',

  async open({ url, count, from = 1 }) {
    // Two pools are two databases to the engine: that is what makes a transaction a separate one.
    const auditPool = await warmPool(url);
    const targetPool = strategy === 'TX_SEPARATE' ? await warmPool(url) : auditPool;
    return {
      start: starter(
        sqlAuditStore(auditPool),
        sqlTarget(targetPool),
        numbers(count)
          .slice(from - 1)
          .map(changeOf(strategy)),
      ),
      close: () => Promise.all([...new Set([auditPool, targetPool])].map((pool) => pool.end())),
    };
  },

  seed: seedLedger,
});

/** As it starts where the last run was one of another release, or has died: it reads the whole ledger. */
export const flamingockReadingAll = () => ({
  ...flamingockOnPg('TX_SHARED'),
  name: 'flamingock (full reading)',
  settle: (/** @type {import('pg').Pool} */ pool) =>
    pool.query('UPDATE flamingock_lock SET complete_for = NULL'),
});

/**
 * The start of an application.
 *
 * @param {import('@flamingock/core').AuditStore} auditStore
 * @param {import('@flamingock/core').Target} target
 * @param {readonly import('@flamingock/core').DefinedChange[]} changes
 */
export function starter(auditStore, target, changes) {
  const engine = createFlamingock({
    ...LEDGER,
    auditStore,
    targets: { effects: target },
    changes,
    logger: false,
  });
  return () => engine.run();
}

/**
 * How a change is declared whose strategy comes out as this one.
 *
 * @param {Strategy} strategy
 */
export const changeOf = (strategy) => (/** @type {number} */ number) =>
  defineChange({
    id: nameOf(number),
    order: number,
    name: nameOf(number),
    targetSystem: 'effects',
    transactional: strategy !== 'NON_TX',
    inject: { database: SqlExecutor },
    apply: ({ database }) => database.execute(statementOf(number)),
  });

import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import mysql from 'mysql2/promise';
import { numbers } from '../changes.mjs';
import { changeOf, flamingockOnPg, starter } from './flamingock.mjs';

/**
 * This software on a pool of mysql2, which store and target share.
 *
 * @param {'TX_SEPARATE' | 'NON_TX'} strategy nothing shares the transaction of the ledger there
 */
export const flamingockOnMysql = (strategy) => ({
  ...flamingockOnPg(strategy),

  /** @param {{ readonly url: string, readonly count: number }} options */
  async open({ url, count }) {
    const pool = mysql.createPool({ uri: url });
    await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 1'), pool.query('SELECT 1')]);
    return {
      start: starter(sqlAuditStore(pool), sqlTarget(pool), numbers(count).map(changeOf(strategy))),
      close: () => pool.end(),
    };
  },
});

import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import { numbers } from '../changes.mjs';
import { warmMysqlPool } from '../databases/mariadb.mjs';
import { changeOf, flamingock, starter } from './flamingock.mjs';

/**
 * This software on a pool of mysql2, which store and target share.
 *
 * @param {'TX_SEPARATE' | 'NON_TX'} strategy nothing shares the transaction of the ledger there
 * @returns {import('./contender.mjs').Contender}
 */
export const flamingockOnMysql = (strategy) => ({
  ...flamingock(strategy),
  way: 'createFlamingock({ … }).run() with a list of definitions, audit store and target on mysql2',

  async open({ url, count }) {
    const pool = await warmMysqlPool(url);
    return {
      start: starter(sqlAuditStore(pool), sqlTarget(pool), numbers(count).map(changeOf(strategy))),
      close: () => pool.end(),
    };
  },
});

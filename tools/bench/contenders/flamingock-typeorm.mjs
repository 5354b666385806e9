import { typeormAuditStore, typeormTarget } from '@flamingock/typeorm';
import { DataSource } from 'typeorm';
import { numbers } from '../changes.mjs';
import { changeOf, flamingock, starter } from './flamingock.mjs';

/**
 * This software on data sources of TypeORM.
 *
 * @param {import('./flamingock.mjs').Strategy} strategy
 * @returns {import('./contender.mjs').Contender}
 */
export function flamingockOnTypeorm(strategy) {
  const shared = flamingock(strategy);
  return {
    ...shared,
    name: shared.name.replace('flamingock', 'flamingock on TypeORM'),
    way: 'createFlamingock({ … }).run() with a list of definitions, audit store and target on a DataSource',

    async open({ url, count }) {
      const audit = await connected(url);
      const target = strategy === 'TX_SEPARATE' ? await connected(url) : audit;
      return {
        start: starter(
          typeormAuditStore(audit),
          typeormTarget(target),
          numbers(count).map(changeOf(strategy)),
        ),
        close: () => Promise.all([...new Set([audit, target])].map((dataSource) => dataSource.destroy())),
      };
    },
  };
}

/** @param {string} url */
const connected = (url) => new DataSource({ type: 'postgres', url }).initialize();

import { defineChange } from '@flamingock/core';
import { mongodbAuditStore, mongodbTarget } from '@flamingock/mongodb';
import { Db } from 'mongodb';
import { effectOf, nameOf, numbers } from '../changes.mjs';
import { warmClient } from '../databases/mongodb.mjs';
import { flamingock, starter } from './flamingock.mjs';

/**
 * This software on a client of MongoDB's driver.
 *
 * @param {import('./flamingock.mjs').Strategy} strategy
 * @returns {import('./contender.mjs').Contender}
 */
export const flamingockOnMongodb = (strategy) => ({
  ...flamingock(strategy),
  way: 'createFlamingock({ … }).run() with a list of definitions, audit store and target on a Db of the driver',

  async open({ url, count }) {
    const audit = await warmClient(url);
    // Two clients are two databases to the engine: that is what makes a transaction a separate one.
    const target = strategy === 'TX_SEPARATE' ? await warmClient(url) : audit;
    const clients = [...new Set([audit, target])];
    return {
      start: starter(
        mongodbAuditStore(audit.db()),
        mongodbTarget(target.db()),
        numbers(count).map(changeOf(strategy)),
      ),
      close: () => Promise.all(clients.map((client) => client.close())),
      clients,
    };
  },
});

/** @param {import('./flamingock.mjs').Strategy} strategy */
const changeOf = (strategy) => (/** @type {number} */ number) =>
  defineChange({
    id: nameOf(number),
    order: number,
    name: nameOf(number),
    targetSystem: 'effects',
    transactional: strategy !== 'NON_TX',
    inject: { db: Db },
    apply: ({ db }) => db.collection('effects').insertOne(effectOf(number)),
  });

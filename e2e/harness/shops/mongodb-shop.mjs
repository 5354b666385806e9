import { MongoClient } from 'mongodb';
import { outcomesOf } from './shop.mjs';

/**
 * On MongoDB; the ledger is in it.
 *
 * @param {string} url of an empty database
 * @returns {Promise<import('./shop.mjs').Shop>}
 */
export async function openMongodbShop(url) {
  const client = await new MongoClient(url).connect();
  const db = client.db();
  await db.collection('orders').insertMany([
    { item: 'tea', quantity: 2, at: 1 },
    { item: 'kettle', quantity: 1, at: 2 },
  ]);
  return {
    environment: { DATABASE_URL: url },
    orders: () => db.collection('orders').find().sort({ at: 1 }).toArray(),
    async ledger() {
      const entries = db
        .collection('flamingock_ledger')
        .find({ changeId: { $exists: true }, state: { $ne: 'STARTED' } });
      const found = await entries.sort({ '_id.sequence': 1 }).toArray();
      return outcomesOf(found.map(({ changeId, state }) => ({ id: changeId, state })));
    },
    close: () => client.close(),
  };
}

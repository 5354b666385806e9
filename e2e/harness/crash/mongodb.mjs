import { MongoClient } from 'mongodb';
import { effectsTable, hasVerify } from '../../../tools/crash/pairs.mjs';
import { startMongodb } from '../../../tools/services/mongodb.mjs';
import { inSequence } from './in-sequence.mjs';

/** Longer than a lease, so that the transaction of a process that was killed is there when the next one comes. */
const TRANSACTION_SECONDS = 8;

/**
 * Two databases, in each of which the collections of a trial begin with its name. An effect is a document, or an index where
 * its change is verified: one that somebody has found there already is a document beside it.
 *
 * @param {import('../sandbox.mjs').Sandbox} sandbox
 * @returns {Promise<import('./systems.mjs').WatchedSystem>}
 */
export async function openMongodb(sandbox) {
  // The server notices by nothing else that the process is gone whose transaction is open.
  const server = await startMongodb({ transactionSeconds: TRANSACTION_SECONDS });
  sandbox.onClose(() => server.stop());
  const urls = { audit: server.createDatabase().url, orders: server.createDatabase().url };
  const open = async (/** @type {string} */ url) => {
    const client = await new MongoClient(url).connect();
    sandbox.onClose(() => client.close());
    return client.db();
  };
  const databases = { audit: await open(urls.audit), orders: await open(urls.orders) };
  return {
    address: (_, place) => urls[place],
    prepareEffects: (trial, place) => databases[place].createCollection(effectsTable(trial)),
    async effects(trial, place) {
      const collection = databases[place].collection(effectsTable(trial));
      const documents = await collection.find().sort({ at: 1 }).toArray();
      const indexes = hasVerify(trial.pair) ? await collection.listIndexes().toArray() : [];
      return [
        ...inSequence(indexes.map(({ name }) => String(name)).filter((name) => name !== '_id_')),
        ...documents.map(({ name, complete }) => ({ name: String(name), complete: complete === true })),
      ];
    },
    takeBack: (trial, place, name) => databases[place].collection(effectsTable(trial)).deleteMany({ name }),
  };
}

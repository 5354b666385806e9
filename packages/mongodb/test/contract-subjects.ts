import { type Db, MongoClient } from 'mongodb';
import mongoose from 'mongoose';
import type { MongoDatabase } from '../src/given-database.js';
import { mongodbAuditStore } from '../src/mongodb-audit-store.js';
import { mongodbTarget } from '../src/mongodb-target.js';
import {
  mongodbAuditHarness,
  mongodbTargetHarness,
  mongooseAuditHarness,
  mongooseTargetHarness,
  standaloneAuditHarness,
} from './mongo-harness.js';

/** A harness tells what its system lacks before there is a database. */
const noDatabase = (): never => {
  throw new Error('only what is declared is asked for');
};

/** Of which only what it declares is asked, and nothing that it would have to be connected for. */
export function database(type: 'RSPrimary' | 'Standalone' | 'Unknown' | 'PossiblePrimary'): Db {
  const client = new MongoClient('mongodb://127.0.0.1/orders');
  const description = { servers: new Map([['127.0.0.1', { type }]]) };
  return Object.defineProperty(client, 'topology', { value: { description } }).db();
}

function connection(): MongoDatabase {
  return Object.defineProperty(mongoose.createConnection(), 'db', { value: database('RSPrimary') });
}

/** What `docs/capabilities.md` tells of this package. Nothing is connected to. */
export const auditStores = [
  {
    name: 'replica set',
    harness: mongodbAuditHarness(noDatabase),
    sample: () => mongodbAuditStore(database('RSPrimary')),
  },
  {
    name: 'replica set, Mongoose',
    harness: mongooseAuditHarness(noDatabase),
    sample: () => mongodbAuditStore(connection()),
  },
  {
    name: 'standalone server',
    harness: standaloneAuditHarness(noDatabase),
    sample: () => mongodbAuditStore(database('Standalone')),
  },
].map((subject) => ({ ...subject, name: `\`mongodbAuditStore\`: ${subject.name}` }));

export const targets = [
  {
    name: '`mongodbTarget`: replica set',
    harness: mongodbTargetHarness(noDatabase),
    sample: () => mongodbTarget(database('RSPrimary')),
  },
  {
    name: '`mongodbTarget`: replica set, Mongoose',
    harness: mongooseTargetHarness(noDatabase),
    sample: () => mongodbTarget(connection()),
  },
  {
    name: '`mongodbTarget`: standalone server',
    lacksTransactions: 'a standalone server knows none',
    sample: () => mongodbTarget(database('Standalone')),
  },
];

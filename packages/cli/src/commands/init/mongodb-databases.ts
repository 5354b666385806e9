import { MONGODB_DB, MONGOOSE_CONNECTION } from '../../sources/change-client.js';
import type { Database } from './database.js';

const MONGODB: Pick<Database, 'types' | 'variable' | 'connects' | 'close' | 'store' | 'target' | 'adapter'> =
  {
    types: [],
    variable: 'MONGODB_URL',
    connects: true,
    close: 'close',
    store: 'mongodbAuditStore',
    target: 'mongodbTarget',
    adapter: '@flamingock/mongodb',
  };

/** In a transaction nothing can be dropped, so the example is a document. */
function example(client: string): Database['example'] {
  const collection = `${client}.collection('flamingock_example')`;
  return {
    apply: `await ${collection}.insertOne({ name: 'first' });`,
    rollback: `await ${collection}.deleteMany({ name: 'first' });`,
  };
}

/** The databases of `@flamingock/mongodb`. */
export const MONGODB_DATABASES: readonly Database[] = [
  {
    id: 'mongoose',
    title: 'MongoDB, through Mongoose',
    recognisedBy: ['mongoose'],
    inPlaceOf: 'mongodb',
    packages: ['@flamingock/mongodb', 'mongoose'],
    ...MONGODB,
    driver: { name: 'mongoose', module: 'mongoose', isDefault: true },
    make: (driver, address) => `${driver}.createConnection(${address}).asPromise()`,
    inApplication: (driver, address) => `(await ${driver}.connect(${address} ?? '')).connection`,
    inNest: {
      needs: '@nestjs/mongoose',
      token: 'getConnectionToken()',
      imported: 'getConnectionToken',
      from: '@nestjs/mongoose',
      module: 'MongooseModule',
    },
    client: MONGOOSE_CONNECTION,
    example: example('connection'),
  },
  {
    id: 'mongodb',
    title: 'MongoDB, through its driver',
    recognisedBy: ['mongodb'],
    packages: ['@flamingock/mongodb', 'mongodb'],
    ...MONGODB,
    driver: { name: 'MongoClient', module: 'mongodb', isDefault: false },
    make: (driver, address) => `new ${driver}(${address}).connect()`,
    take: (client) => `${client}.db()`,
    inApplication: (driver, address) => `(await new ${driver}(${address} ?? '').connect()).db()`,
    client: MONGODB_DB,
    example: example('db'),
  },
];

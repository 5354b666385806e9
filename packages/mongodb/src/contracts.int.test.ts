import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { type Mongodb, ownMongodb, startMongodb } from '../../../tools/services/mongodb.mjs';
import { MongoTestDatabase } from '../test/mongo-database.js';
import {
  mongodbAuditHarness,
  mongodbTargetHarness,
  mongooseAuditHarness,
  mongooseTargetHarness,
  standaloneAuditHarness,
} from '../test/mongo-harness.js';

const describeWithMongodb = await describeWith(ownMongodb);

describeWithMongodb('on a replica set', () => {
  let server: Mongodb;
  let impatient: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ users: true });
    impatient = await startMongodb({ transactionSeconds: 1 });
  });
  afterAll(async () => {
    await server.stop();
    await impatient.stop();
  });

  /** A transaction outlives its connection: what a broken one has left open, the server ends by its age. */
  const create =
    ({ needs }: { readonly needs: readonly string[] }): (() => MongoTestDatabase) =>
    () =>
      new MongoTestDatabase(needs.includes('lostReplies') ? impatient : server);

  describe('with the driver', () => {
    for (const one of auditStoreContract())
      test(`audit store: ${one.name}`, () => one.run(mongodbAuditHarness(create(one))));
    for (const one of transactionalTargetContract())
      test(`target: ${one.name}`, () => one.run(mongodbTargetHarness(create(one))));
  });

  describe('with Mongoose', () => {
    for (const one of auditStoreContract())
      test(`audit store: ${one.name}`, () => one.run(mongooseAuditHarness(create(one))));
    for (const one of transactionalTargetContract())
      test(`target: ${one.name}`, () => one.run(mongooseTargetHarness(create(one))));
  });
});

describeWithMongodb('on a standalone server', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb({ standalone: true });
  });
  afterAll(() => server.stop());

  for (const { name, run } of auditStoreContract())
    test(`audit store: ${name}`, () => run(standaloneAuditHarness(() => new MongoTestDatabase(server))));
});

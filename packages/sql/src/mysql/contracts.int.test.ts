import { afterAll, beforeAll, test } from '@jest/globals';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { mariadb, type Mariadb, startMariadb } from '../../../../tools/services/mariadb.mjs';
import { mariadbDatabase } from '../../test/mariadb-database.js';
import {
  mariadbAuditHarness,
  mariadbConnectionAuditHarness,
  mariadbConnectionTargetHarness,
  mariadbTargetHarness,
} from '../../test/mariadb-harness.js';

const describeWithMariadb = await describeWith(mariadb);

describeWithMariadb('on mysql2 and MariaDB', () => {
  let server: Mariadb;
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  const create = (): ReturnType<typeof mariadbDatabase> => mariadbDatabase(server);

  for (const { name, run } of auditStoreContract())
    test(`audit store: ${name}`, () => run(mariadbAuditHarness(create)));
  for (const { name, run } of transactionalTargetContract())
    test(`target: ${name}`, () => run(mariadbTargetHarness(create)));
  for (const { name, run } of auditStoreContract())
    test(`audit store on a single connection: ${name}`, () => run(mariadbConnectionAuditHarness(create)));
  for (const { name, run } of transactionalTargetContract())
    test(`target on a single connection: ${name}`, () => run(mariadbConnectionTargetHarness(create)));
});

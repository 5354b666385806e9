import { afterAll, beforeAll, test } from '@jest/globals';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { pgBouncer, startPgBouncer, type PgBouncer } from '../../../../tools/services/pgbouncer.mjs';
import { postgres, startPostgres, type Postgres } from '../../../../tools/services/postgres.mjs';
import {
  pgBouncerAuditHarness,
  pgBouncerTargetHarness,
  pgClientAuditHarness,
  pgClientTargetHarness,
  postgresAuditHarness,
  postgresTargetHarness,
} from '../../test/postgres-harness.js';
import { postgresDatabase } from '../../test/postgres-database.js';

const describeWithPostgres = await describeWith(postgres);
const describeWithPgBouncer = await describeWith(postgres, pgBouncer);

describeWithPostgres('on a pool of pg', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  const create = (): ReturnType<typeof postgresDatabase> => postgresDatabase(server);

  for (const { name, run } of auditStoreContract())
    test(`audit store: ${name}`, () => run(postgresAuditHarness(create)));
  for (const { name, run } of transactionalTargetContract())
    test(`target: ${name}`, () => run(postgresTargetHarness(create)));
  for (const { name, run } of auditStoreContract())
    test(`audit store on a single client: ${name}`, () => run(pgClientAuditHarness(create)));
  for (const { name, run } of transactionalTargetContract())
    test(`target on a single client: ${name}`, () => run(pgClientTargetHarness(create)));
});

describeWithPgBouncer('through PgBouncer in transaction mode', () => {
  let server: Postgres;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    server = await startPostgres();
    bouncer = await startPgBouncer({ upstream: server.url });
  });
  afterAll(async () => {
    await bouncer.stop();
    await server.stop();
  });
  const create = (): ReturnType<typeof postgresDatabase> => postgresDatabase(server, bouncer.url);

  for (const { name, run } of auditStoreContract())
    test(`audit store: ${name}`, () => run(pgBouncerAuditHarness(create)));
  for (const { name, run } of transactionalTargetContract())
    test(`target: ${name}`, () => run(pgBouncerTargetHarness(create)));
});

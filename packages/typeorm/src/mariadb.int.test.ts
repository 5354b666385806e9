import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Target, TransactionOutcome } from '@flamingock/core/spi';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import { EntityManager, type QueryRunner } from 'typeorm';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { mariadb, type Mariadb, startMariadb } from '../../../tools/services/mariadb.mjs';
import { type MariadbDataSources, mariadbDataSources } from '../test/mariadb-data-source.js';
import { mariadbAuditHarness, mariadbTargetHarness } from '../test/mariadb-harness.js';
import { Probe } from '../test/probe.js';
import { QUERY_RUNNER } from './tokens.js';
import { typeormTarget } from './typeorm-target.js';

const KEY = { service: 'orders', environment: 'production', tenant: '' };

const describeWithMariadb = await describeWith(mariadb);

describeWithMariadb('TypeORM on MariaDB', () => {
  let server: Mariadb;
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  const create = (): Promise<MariadbDataSources> => mariadbDataSources(server);

  for (const { name, run } of auditStoreContract())
    test(`audit store: ${name}`, () => run(mariadbAuditHarness(create)));
  for (const { name, run } of transactionalTargetContract())
    test(`target: ${name}`, () => run(mariadbTargetHarness(create)));

  async function run(
    target: Target,
    work: (manager: EntityManager, runner: QueryRunner) => Promise<unknown>,
  ): Promise<TransactionOutcome | undefined> {
    await target.transactions?.claim(KEY, 7);
    return target.transactions?.run({
      key: KEY,
      fence: { claimed: 7, sequence: 9 },
      idleTimeoutMs: 30_000,
      async work(clients) {
        await work(
          clients.client(EntityManager) as EntityManager,
          clients.client(QUERY_RUNNER) as QueryRunner,
        );
      },
    });
  }

  test('DDL that TypeORM sends for a change commits, and that is seen', async () => {
    const database = await create();
    const outcome = await run(typeormTarget(await database.open()), async (manager, runner) => {
      await manager.insert(Probe, { value: 'a' });
      await runner.query('ALTER TABLE probe ADD COLUMN more int');
      await manager.query(`INSERT INTO probe (value) VALUES ('b')`).catch(() => undefined);
    });
    expect(outcome?.status).toBe('broken');
    expect((await database.raw.manager.find(Probe)).map(({ value }) => value)).toEqual(['a']);
    await database.close();
  });

  test('a data source of the type mysql is one, too', async () => {
    const database = await create();
    const dataSource = await database.open({ type: 'mysql' });
    const outcome = await run(typeormTarget(dataSource), (manager) => manager.insert(Probe, { value: 'a' }));
    expect(outcome).toEqual({ status: 'committed' });
    await database.close();
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BoundClients, Target, TransactionOutcome } from '@flamingock/core/spi';
import { SqlExecutor } from '@flamingock/sql';
import { auditStoreContract, transactionalTargetContract } from '@flamingock/testing';
import { type DataSource, EntityManager, type QueryRunner, type Repository } from 'typeorm';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { pgBouncer, startPgBouncer, type PgBouncer } from '../../../tools/services/pgbouncer.mjs';
import { postgres, startPostgres, type Postgres } from '../../../tools/services/postgres.mjs';
import { type PostgresDataSources, postgresDataSources } from '../test/postgres-data-source.js';
import { postgresAuditHarness, postgresTargetHarness, throughPgBouncer } from '../test/postgres-harness.js';
import { Probe } from '../test/probe.js';
import { QUERY_RUNNER, repositoryOf } from './tokens.js';
import { typeormAuditStore } from './typeorm-audit-store.js';
import { typeormTarget } from './typeorm-target.js';

const KEY = { service: 'orders', environment: 'production', tenant: '' };

const describeWithServers = await describeWith(postgres, pgBouncer);

describeWithServers('TypeORM on PostgreSQL', () => {
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

  describe('directly', () => {
    const create = (): Promise<PostgresDataSources> => postgresDataSources(server);
    for (const { name, run } of auditStoreContract())
      test(`audit store: ${name}`, () => run(postgresAuditHarness(create)));
    for (const { name, run } of transactionalTargetContract())
      test(`target: ${name}`, () => run(postgresTargetHarness(create)));
  });

  describe('through PgBouncer in transaction mode', () => {
    const create = (): Promise<PostgresDataSources> => postgresDataSources(server, bouncer.url);
    const permissions = 'the PgBouncer of the tests knows one user';
    const timeZones = 'PgBouncer takes no options of sessions';
    for (const { name, run } of auditStoreContract())
      test(`audit store: ${name}`, () =>
        run(throughPgBouncer(postgresAuditHarness(create), { timeZones, permissions })));
    for (const { name, run } of transactionalTargetContract())
      test(`target: ${name}`, () => run(throughPgBouncer(postgresTargetHarness(create), { permissions })));
  });

  describe('a change', () => {
    let database: PostgresDataSources;
    let dataSource: DataSource;
    let target: Target;
    beforeEach(async () => {
      database = await postgresDataSources(server);
      dataSource = await database.open();
      target = typeormTarget(dataSource);
    });
    afterEach(() => database.close());

    async function run(work: (clients: BoundClients) => Promise<unknown>): Promise<TransactionOutcome> {
      if (target.transactions === undefined) throw new Error('the target has transactions');
      return target.transactions.run({
        key: KEY,
        idleTimeoutMs: 60_000,
        async work(clients) {
          await work(clients);
        },
      });
    }
    const values = async (): Promise<string[]> =>
      (await database.raw.manager.find(Probe, { order: { value: 'ASC' } })).map(({ value }) => value);

    test('writes with all of its clients in one transaction', async () => {
      const write = async (clients: BoundClients): Promise<void> => {
        await (clients.client(EntityManager) as EntityManager).save(Probe, { value: 'a' });
        await (clients.client(repositoryOf(Probe)) as Repository<Probe>).insert({ value: 'b' });
        const runner = clients.client(QUERY_RUNNER) as QueryRunner;
        await runner.query(`INSERT INTO probe (value) VALUES ($1)`, ['c']);
        await runner.release();
        await (clients.client(SqlExecutor) as SqlExecutor).execute(`INSERT INTO probe (value) VALUES ('d')`);
        expect(await values()).toEqual([]);
      };
      const failed = await run(async (clients) => {
        await write(clients);
        throw new Error('the change failed');
      });
      expect(failed.status).toBe('rolled-back');
      expect(await values()).toEqual([]);
      expect(await run(write)).toEqual({ status: 'committed' });
      expect(await values()).toEqual(['a', 'b', 'c', 'd']);
    });

    test('goes back to a transaction within it, and an error that is swallowed outside of one ends it', async () => {
      const outcome = await run(async (clients) => {
        const manager = clients.client(EntityManager) as EntityManager;
        await manager.save(Probe, { value: 'a' });
        await manager.transaction((nested) => nested.insert(Probe, { value: 'a' })).catch(() => undefined);
      });
      expect(outcome).toEqual({ status: 'committed' });
      const swallowed = await run(async (clients) => {
        const manager = clients.client(EntityManager) as EntityManager;
        await manager.insert(Probe, { value: 'b' });
        await manager.insert(Probe, { value: 'a' }).catch(() => undefined);
      });
      expect(swallowed).toMatchObject({ status: 'rolled-back', error: { code: 'FLG_TRANSACTION_ABORTED' } });
      expect(await values()).toEqual(['a']);
    });

    test('whose connection breaks leaves nothing, and a data source that works', async () => {
      const outcome = await run(async (clients) => {
        const manager = clients.client(EntityManager) as EntityManager;
        await manager.save(Probe, { value: 'a' });
        const [row] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        await database.raw.query('SELECT pg_terminate_backend($1)', [row?.pid]);
        await manager.query('SELECT pg_sleep(1)');
      });
      expect(outcome.status).toBe('rolled-back');
      expect(await run((clients) => (clients.client(EntityManager) as EntityManager).find(Probe))).toEqual({
        status: 'committed',
      });
      expect(await values()).toEqual([]);
    });
  });

  test('has its tables in a schema', async () => {
    const database = await postgresDataSources(server);
    await database.raw.query('CREATE SCHEMA audit');
    const dataSource = await database.open();
    const names = { schema: 'audit', prefix: 'orders_' };
    await typeormAuditStore(dataSource, names).initialise();
    await typeormTarget(dataSource, names).transactions?.claim(KEY, 1);
    const found = await database.raw.query<{ schema: string; name: string }[]>(
      `SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE tablename ~ '_(fence|ledger|lock|schema)$'
       AND schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY name`,
    );
    expect(found.map(({ schema, name }) => `${schema}.${name}`)).toEqual([
      'audit.orders_fence',
      'audit.orders_ledger',
      'audit.orders_lock',
      'audit.orders_schema',
    ]);
    await database.close();
  });

  test('a data source with a pool of one says so', async () => {
    const database = await postgresDataSources(server);
    const capabilities = async (poolSize: number): Promise<unknown> =>
      typeormAuditStore(await database.open({ poolSize })).capabilities;
    expect(await capabilities(1)).toMatchObject({ lendsOneConnection: true });
    expect(await capabilities(2)).toMatchObject({ lendsOneConnection: false });
    await database.close();
  });
});

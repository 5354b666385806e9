import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BoundClients, Target, TransactionOutcome } from '@flamingock/core/spi';
import { SqlExecutor } from '@flamingock/sql';
import { transactionalTargetContract } from '@flamingock/testing';
import { DataSource, EntityManager, EntitySchema, type QueryRunner, Repository, Table } from 'typeorm';
import { type DataSourceFile, dataSourceFile } from '../test/data-source-file.js';
import { Probe } from '../test/probe.js';
import { typeormTargetHarness } from '../test/typeorm-target-harness.js';
import { QUERY_RUNNER, repositoryOf } from './tokens.js';
import { typeormTarget } from './typeorm-target.js';

describe('the target on a data source keeps the contract', () => {
  for (const { name, run } of transactionalTargetContract()) test(name, () => run(typeormTargetHarness));
});

const KEY = { service: 'orders', environment: 'production', tenant: '' };

describe('the target on a data source', () => {
  let file: DataSourceFile;
  let dataSource: DataSource;
  let target: Target;

  beforeEach(async () => {
    file = dataSourceFile();
    dataSource = await file.open({ synchronize: true });
    target = typeormTarget(dataSource);
  });
  afterEach(() => file.close());

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
  function values(): unknown {
    return file.openRaw().prepare('SELECT value FROM probe ORDER BY value').pluck().all();
  }
  const failure = new Error('the change failed');

  test('supplies the data source, its manager and its repositories outside of transactions', async () => {
    expect(target.client(DataSource)).toBe(dataSource);
    expect(target.client(EntityManager)).toBe(dataSource.manager);
    expect(target.client(repositoryOf(Probe))).toBe(dataSource.getRepository(Probe));
    await (target.client(SqlExecutor) as SqlExecutor).execute(`INSERT INTO probe (value) VALUES ('a')`);
    expect(values()).toEqual(['a']);
    for (const token of [QUERY_RUNNER, Repository, Object, () => Probe, 'OtherRepository'])
      expect(target.supplies(token)).toBe(false);
  });

  test('binds everything but the data source to a transaction', () => {
    const { transactions } = target;
    for (const token of [EntityManager, QUERY_RUNNER, repositoryOf(Probe), 'ProbeRepository', SqlExecutor]) {
      expect(transactions?.binds(token)).toBe(true);
    }
    for (const token of [DataSource, Repository, Object, 'OtherRepository'])
      expect(transactions?.binds(token)).toBe(false);
  });

  test.each<[string, (clients: BoundClients) => Promise<unknown>]>([
    [
      'the manager',
      (clients) => (clients.client(EntityManager) as EntityManager).save(Probe, { value: 'a' }),
    ],
    [
      'its repositories',
      (clients) => (clients.client(repositoryOf(Probe)) as Repository<Probe>).insert({ value: 'a' }),
    ],
    [
      'repositories by the token of Nest',
      (clients) => (clients.client('ProbeRepository') as Repository<Probe>).save({ value: 'a' }),
    ],
    [
      'the query runner',
      (clients) =>
        (clients.client(QUERY_RUNNER) as QueryRunner).query(`INSERT INTO probe (value) VALUES ('a')`),
    ],
    [
      'the manager of the query runner',
      (clients) => (clients.client(QUERY_RUNNER) as QueryRunner).manager.insert(Probe, { value: 'a' }),
    ],
    [
      'the executor',
      (clients) =>
        (clients.client(SqlExecutor) as SqlExecutor).execute('INSERT INTO probe (value) VALUES (?)', ['a']),
    ],
  ])(
    'what a change writes with %s is committed or rolled back with its transaction',
    async (_what, write) => {
      expect(
        await run(async (clients) => {
          await write(clients);
          throw failure;
        }),
      ).toEqual({ status: 'rolled-back', error: failure });
      expect(values()).toEqual([]);
      expect(await run(write)).toEqual({ status: 'committed' });
      expect(values()).toEqual(['a']);
    },
  );

  test('a change alters tables with the query runner, and a failure undoes it', async () => {
    const create = async (clients: BoundClients): Promise<void> => {
      const runner = clients.client(QUERY_RUNNER) as QueryRunner;
      await runner.createTable(
        new Table({ name: 'items', columns: [{ name: 'id', type: 'integer', isPrimary: true }] }),
      );
      expect(await runner.hasTable('items')).toBe(true);
    };
    await run(async (clients) => {
      await create(clients);
      throw failure;
    });
    expect(await dataSource.createQueryRunner().hasTable('items')).toBe(false);
    expect(await run(create)).toEqual({ status: 'committed' });
    expect(await dataSource.createQueryRunner().hasTable('items')).toBe(true);
  });

  test('a transaction within the change is a savepoint of its own', async () => {
    const outcome = await run(async (clients) => {
      const manager = clients.client(EntityManager) as EntityManager;
      await manager.save(Probe, { value: 'a' });
      await manager.transaction((nested) => nested.save(Probe, { value: 'b' }));
      await manager
        .transaction(async (nested) => {
          await nested.save(Probe, { value: 'c' });
          throw failure;
        })
        .catch(() => undefined);
    });
    expect(outcome).toEqual({ status: 'committed' });
    expect(values()).toEqual(['a', 'b']);
  });

  test('a change that leaves a transaction of its own open is committed as a whole', async () => {
    const outcome = await run(async (clients) => {
      const runner = clients.client(QUERY_RUNNER) as QueryRunner;
      await runner.startTransaction();
      await runner.manager.save(Probe, { value: 'a' });
    });
    expect(outcome).toEqual({ status: 'committed' });
    expect(values()).toEqual(['a']);
  });

  test.each<[string, (runner: QueryRunner) => Promise<void>]>([
    ['commits', (runner) => runner.commitTransaction()],
    ['rolls back', (runner) => runner.rollbackTransaction()],
  ])('a change that %s with its query runner is broken', async (_what, end) => {
    const outcome = await run((clients) => end(clients.client(QUERY_RUNNER) as QueryRunner));
    expect(outcome).toMatchObject({ status: 'broken', error: { code: 'FLG_TRANSACTION_BROKEN' } });
  });

  test('an error of an entity that is swallowed rolls the change back', async () => {
    await dataSource.manager.insert(Probe, { value: 'a' });
    const outcome = await run(async (clients) => {
      const repository = clients.client(repositoryOf(Probe)) as Repository<Probe>;
      await repository.insert({ value: 'b' });
      await repository.insert({ value: 'a' }).catch(() => undefined);
    });
    expect(outcome).toMatchObject({ status: 'rolled-back', error: { code: 'FLG_TRANSACTION_ABORTED' } });
    expect(values()).toEqual(['a']);
  });

  test('the rest of the application does not join the transaction, and finds its own runner as it was', async () => {
    const runner = dataSource.createQueryRunner();
    await run(async () => {
      expect(runner.isTransactionActive).toBe(false);
      return Promise.resolve();
    });
    await dataSource.transaction((manager) => manager.save(Probe, { value: 'a' }));
    expect(values()).toEqual(['a']);
  });

  test('a transaction that the rest of the application begins meanwhile fails, and breaks the change', async () => {
    const outcome = await run(async (clients) => {
      const manager = clients.client(EntityManager) as EntityManager;
      await manager.save(Probe, { value: 'a' });
      await expect(dataSource.transaction(() => Promise.resolve())).rejects.toThrow('within a transaction');
      await manager.save(Probe, { value: 'b' }).catch(() => undefined);
    });
    expect(outcome).toMatchObject({ status: 'broken', error: { code: 'FLG_TRANSACTION_BROKEN' } });
    expect(values()).toEqual([]);
  });

  test('a transaction of the application that is open is waited for, and refused in the end', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await expect(run(async () => Promise.resolve())).rejects.toMatchObject({
      code: 'FLG_STORE_SHARED_CONNECTION',
    });
    await runner.rollbackTransaction();
    expect(await run(async () => Promise.resolve())).toEqual({ status: 'committed' });
  });

  test.each([
    ['begun in SQL', (given: DataSource) => given.query('BEGIN')],
    ['begun with the query runner', (given: DataSource) => given.createQueryRunner().startTransaction()],
  ])(
    'a transaction %s that a change outside of transactions leaves open is rolled back',
    async (_, begin) => {
      const runner = dataSource.createQueryRunner();
      const observed = await target.evidence?.observe(async () => {
        await begin(dataSource);
        await dataSource.manager.insert(Probe, { value: 'a' });
      });
      expect(observed).toMatchObject({
        outcome: 'threw',
        error: { code: 'FLG_TRANSACTION_BROKEN' },
        evidence: { proof: 'none' },
      });
      expect(values()).toEqual([]);
      expect(runner.isTransactionActive).toBe(false);
      await dataSource.transaction((manager) => manager.insert(Probe, { value: 'b' }));
      expect(values()).toEqual(['b']);
    },
  );

  test('a change outside of transactions may begin and end its own', async () => {
    const observed = await target.evidence?.observe(async () => {
      await dataSource.transaction((manager) => manager.insert(Probe, { value: 'a' }));
    });
    expect(observed).toEqual({ outcome: 'returned' });
    expect(values()).toEqual(['a']);
  });

  test('a data source with a name has the tokens of @nestjs/typeorm for it', async () => {
    const named = await file.open({ name: 'audit' } as object);
    target = typeormTarget(named);
    expect(target.client('auditDataSource')).toBe(named);
    expect(target.client('auditEntityManager')).toBe(named.manager);
    expect(target.client('audit_ProbeRepository')).toBe(named.getRepository(Probe));
    expect(target.supplies('ProbeRepository')).toBe(false);
    expect(target.supplies('DataSource')).toBe(false);
  });

  test('an entity is asked for by its class, its schema or its name', () => {
    const schema = new EntitySchema<Probe>({ name: 'Probe', columns: {} });
    const ofClass = new EntitySchema<Probe>({ name: 'probes', target: Probe, columns: {} });
    for (const entity of [Probe, schema, ofClass, 'Probe']) {
      expect(repositoryOf(entity)).toEqual({ key: 'ProbeRepository' });
    }
  });

  test('says which database it is only where it was told', () => {
    expect(target).not.toHaveProperty('identity');
    expect(typeormTarget(dataSource, { identity: 'orders@eu-1' }).identity).toBe('orders@eu-1');
    expect(() => typeormTarget(dataSource, { identidy: '' } as object)).toThrow(
      /typeormTarget\(\).*Did you mean 'identity'/s,
    );
  });
});

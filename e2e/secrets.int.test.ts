import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createFlamingock, defineChange, target } from '@flamingock/core';
import { sqlAuditStore } from '@flamingock/sql';
import { typeormAuditStore } from '@flamingock/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { EchoSystem } from './harness/echo-system.js';
import { itKeepsSecrets } from './harness/keeps-secrets.js';
import { dumpOf } from './harness/postgres-dump.js';

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('With the ledger on PostgreSQL', () => {
  const insert = 'INSERT INTO people (name) VALUES ($1)';
  let server: Postgres;
  let echo: EchoSystem;
  let url: string;
  let audit: pg.Pool;
  let people: pg.Pool;
  let reader: pg.Client;
  beforeAll(async () => {
    server = await startPostgres();
    echo = await EchoSystem.start();
    ({ url } = await server.createDatabase());
    audit = new pg.Pool({ connectionString: url });
    people = new pg.Pool({ connectionString: (await server.createDatabase()).url });
    reader = new pg.Client(url);
    await reader.connect();
    await people.query('CREATE TABLE people (name text UNIQUE)');
  });
  afterAll(async () => {
    await Promise.all([echo.close(), audit.end(), people.end(), reader.end()]);
    await server.stop();
  });

  itKeepsSecrets(() => ({
    auditStore: sqlAuditStore(audit),
    database: people,
    insert,
    echo: echo.url,
    addPerson: (name) => people.query(insert, [name]),
    dump: async () => JSON.stringify(await dumpOf(reader)),
  }));

  it('nothing tells the password of a TypeORM data source', async () => {
    const password = decodeURIComponent(new URL(url).password);
    const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
    const flamingock = createFlamingock({
      service: 'typeorm',
      environment: 'test',
      auditStore: typeormAuditStore(dataSource),
      targets: { system: target({ clients: [] }) },
      changes: [
        defineChange({
          id: 'leaking',
          order: 1,
          name: 'Leaking',
          targetSystem: 'system',
          apply() {
            throw new Error(`login with ${password} was refused`);
          },
        }),
      ],
      logger: false,
    });
    await expect(flamingock.run()).rejects.toThrow('login with *** was refused');
    await dataSource.destroy();
  });
});

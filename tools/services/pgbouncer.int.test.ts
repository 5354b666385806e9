import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeWith } from './describe-with.mjs';
import { pgBouncer, startPgBouncer, type PgBouncer } from './pgbouncer.mjs';
import { ownPostgres, postgres, startPostgres, type Postgres } from './postgres.mjs';

const describeWithPgBouncer = await describeWith(ownPostgres, pgBouncer);

const clients: pg.Client[] = [];

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
});

describeWithPgBouncer('A PgBouncer', () => {
  let server: Postgres;
  let upstream: string;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    server = await startPostgres({ logStatements: true });
    upstream = (await server.createDatabase()).url;
    bouncer = await startPgBouncer({ upstream, poolSize: 1 });
  });
  afterAll(async () => {
    await bouncer.stop();
    await server.stop();
  });

  it('asks the server nothing of its own', async () => {
    await expect(server.statements()).resolves.toEqual([]);
  });

  it('lends a connection for a transaction, not for a session', async () => {
    const [one, two] = [await connect(bouncer.url), await connect(bouncer.url)];
    const backend = async (client: pg.Client) =>
      (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
    const shared = await backend(one);
    await expect(backend(two)).resolves.toBe(shared);

    await one.query('BEGIN');
    const waiting = backend(two);
    await one.query('COMMIT');
    await expect(waiting).resolves.toBe(shared);
  });

  it('reaches the databases of the server under their names', async () => {
    const { url } = await server.createDatabase();
    const through = Object.assign(new URL(bouncer.url), { pathname: new URL(url).pathname }).href;
    await (await connect(through)).query('CREATE TABLE t AS SELECT 1 AS i');
    await expect((await connect(url)).query('SELECT * FROM t')).resolves.toMatchObject({ rows: [{ i: 1 }] });
  });

  it('is gone when it is stopped', async () => {
    const other = await startPgBouncer({ upstream });
    await (await connect(other.url)).query('SELECT 1');
    await other.stop();
    await expect(connect(other.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describeWithPgBouncer(`A PgBouncer that ${String(pgBouncer.variable)} names`, () => {
  const variables = [String(postgres.variable), String(pgBouncer.variable)] as const;
  const before = variables.map((variable) => process.env[variable]);
  afterEach(() => {
    for (const [index, variable] of variables.entries()) {
      if (before[index] === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = before[index];
    }
  });

  it('is used for databases of the server that is named too, and for no other', async () => {
    const upstream = 'postgres://somebody:secret@127.0.0.1:1111/orders';
    process.env[variables[0]] = 'postgres://somebody:secret@127.0.0.1:1111/postgres';
    process.env[variables[1]] = 'postgres://somebody:secret@127.0.0.1:2222/postgres';
    const used = await startPgBouncer({ upstream });
    await used.stop();
    expect(used.url).toBe('postgres://somebody:secret@127.0.0.1:2222/orders');

    const own = await startPgBouncer({ upstream: 'postgres://somebody:secret@127.0.0.1:3333/orders' });
    await own.stop();
    expect(own.url).not.toContain(':2222/');
  });
});

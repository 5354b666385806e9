import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeWith } from './describe-with.mjs';
import { ownPostgres, postgres, startPostgres, type Postgres } from './postgres.mjs';
import { startTcpProxy } from './tcp-proxy.mjs';

const describeWithPostgres = await describeWith(ownPostgres);

const clients: pg.Client[] = [];

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // Servers are stopped while it is connected.
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end().catch(() => {});
});

describeWithPostgres('A PostgreSQL server', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ logStatements: true, settings: { work_mem: '5MB' } });
  });
  afterAll(() => server.stop());

  it('has databases that do not see each other', async () => {
    const [one, two] = await Promise.all([server.createDatabase(), server.createDatabase()]);
    await (await connect(one.url)).query('CREATE TABLE t (i int)');
    await expect((await connect(two.url)).query('SELECT * FROM t')).rejects.toMatchObject({ code: '42P01' });
  });

  it('copies a database', async () => {
    const original = await server.createDatabase();
    const client = await connect(original.url);
    await client.query('CREATE TABLE t AS SELECT 1 AS i');
    await client.end();
    const copy = await connect((await server.createDatabase(original)).url);
    await expect(copy.query('SELECT * FROM t')).resolves.toMatchObject({ rows: [{ i: 1 }] });
  });

  it('tells what clients have sent, message by message', async () => {
    const { url } = await server.createDatabase();
    const other = await server.createDatabase();
    const client = await connect(url);
    await client.query('BEGIN; SAVEPOINT a');
    await client.query('SELECT\n\t$1::text', ['some\nLOG:  statement: value']);
    await client.query({ name: 'named', text: 'SELECT 1' });
    await client.query({ name: 'named', text: 'SELECT 1' });
    await expect(client.query('wrong')).rejects.toThrow();
    await expect(client.query('SELECT 1/0')).rejects.toThrow();
    await (await connect(other.url)).query('SELECT 2');

    const sent = ['BEGIN; SAVEPOINT a', 'SELECT\n\t$1::text', 'SELECT 1', 'SELECT 1', 'SELECT 1/0'];
    await expect(server.statements(url)).resolves.toEqual(sent);
    const all = await server.statements();
    expect(all.slice(-6)).toEqual([...sent, 'SELECT 2']);
  });

  it('has the settings of the test', async () => {
    const { rows } = await (await connect(server.url)).query('SHOW work_mem');
    expect(rows).toEqual([{ work_mem: '5MB' }]);
  });

  it('restarts with the same address and data, and ends connections', async () => {
    const { url } = await server.createDatabase();
    const client = await connect(url);
    await client.query('CREATE TABLE t AS SELECT 1 AS i');
    const ended = new Promise<void>((resolve) => client.on('end', resolve));

    await server.restart();

    await ended;
    await expect((await connect(url)).query('SELECT * FROM t')).resolves.toMatchObject({ rows: [{ i: 1 }] });
  });

  it('that is killed in the middle of a transaction keeps what was committed, and nothing else', async () => {
    const { url } = await server.createDatabase();
    const client = await connect(url);
    await client.query('CREATE TABLE t AS SELECT 1 AS i');
    await client.query('BEGIN; INSERT INTO t VALUES (2)');
    const busy = expect((await connect(url)).query('SELECT pg_sleep(60)')).rejects.toThrow();

    await server.kill();
    await busy;
    await expect(connect(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();

    await expect((await connect(url)).query('SELECT * FROM t')).resolves.toMatchObject({ rows: [{ i: 1 }] });
  });

  it('changes a setting also for connections that are open', async () => {
    const { url } = await server.createDatabase();
    const client = await connect(url);
    const write = () => client.query('CREATE TABLE t (i integer)');
    await server.set('default_transaction_read_only', 'on');
    await expect(write()).rejects.toMatchObject({ code: '25006' });
    await server.set('default_transaction_read_only', 'off');
    await write();
  });

  it('has committed although the reply was lost in the proxy before it', async () => {
    const { url } = await server.createDatabase();
    const proxy = await startTcpProxy(url);
    const client = await connect(proxy.url);
    await client.query('BEGIN; CREATE TABLE t AS SELECT 1 AS i');
    await proxy.setMode('drop-replies');
    await expect(client.query('COMMIT')).rejects.toThrow();
    await proxy.close();
    await expect((await connect(url)).query('SELECT * FROM t')).resolves.toMatchObject({ rows: [{ i: 1 }] });
  });

  it('does not disturb another one', async () => {
    const other = await startPostgres({ exclusive: true });
    try {
      expect(other.url).not.toBe(server.url);
      await connect(other.url);
    } finally {
      await other.stop();
    }
    await connect(server.url);
  });

  it('asks for the password', async () => {
    const url = Object.assign(new URL(server.url), { password: 'wrong' });
    await expect(connect(url.href)).rejects.toMatchObject({ code: '28P01' });
  });
});

describeWithPostgres(`A server that ${String(postgres.variable)} names`, () => {
  const variable = String(postgres.variable);
  let running: Postgres;
  let before: string | undefined;
  beforeAll(async () => {
    running = await startPostgres({ exclusive: true });
    before = process.env[variable];
    process.env[variable] = running.url;
  });
  afterAll(async () => {
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
    await running.stop();
  });

  it('is used, and keeps no database', async () => {
    const server = await startPostgres();
    expect(server.url).toBe(running.url);
    const { url } = await server.createDatabase();
    await connect(url);
    await server.stop();
    await expect(connect(url)).rejects.toMatchObject({ code: '3D000' });
    await connect(running.url);
  });

  it('is not restarted, killed, set or asked for statements', async () => {
    const server = await startPostgres();
    const refused = `This server is the one of ${variable}: ask for { exclusive: true }.`;
    await expect(server.restart()).rejects.toThrow(refused);
    await expect(server.kill()).rejects.toThrow(refused);
    await expect(server.set('work_mem', '8MB')).rejects.toThrow(refused);
    await expect(server.statements()).rejects.toThrow(refused);
  });

  it.each([{ exclusive: true }, { logStatements: true }, { settings: { fsync: 'on' } }])(
    'is not used by a test that needs %j',
    async (options) => {
      const server = await startPostgres(options);
      await server.stop();
      expect(server.url).not.toBe(running.url);
    },
  );
});

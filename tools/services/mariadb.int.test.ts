import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type Connection, createConnection } from 'mysql2/promise';
import { describeWith } from './describe-with.mjs';
import { mariadb, type Mariadb, ownMariadb, startMariadb } from './mariadb.mjs';
import { startTcpProxy } from './tcp-proxy.mjs';

const describeWithMariadb = await describeWith(ownMariadb);

const clients: Connection[] = [];

async function connect(url: string): Promise<Connection> {
  const client = await createConnection(url);
  // Servers are stopped while it is connected.
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** A failed query has the number and the name of the server's error. */
async function codeOf(query: Promise<unknown>): Promise<unknown> {
  return query.then(
    () => 'none',
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );
}

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

describeWithMariadb('A MariaDB server', () => {
  let server: Mariadb;
  beforeAll(async () => {
    server = await startMariadb({ logStatements: true, settings: { lock_wait_timeout: '77' } });
  });
  afterAll(() => server.stop());

  it('has databases that do not see each other', async () => {
    const [one, two] = await Promise.all([server.createDatabase(), server.createDatabase()]);
    await (await connect(one.url)).query('CREATE TABLE t (i int)');
    expect(await codeOf((await connect(two.url)).query('SELECT * FROM t'))).toBe('ER_NO_SUCH_TABLE');
  });

  it('tells what clients have sent, message by message', async () => {
    const { url } = await server.createDatabase();
    const other = await server.createDatabase();
    const client = await connect(url);
    await client.query('BEGIN');
    await client.query("SELECT\n\t'some\nvalue'");
    await client.execute('SELECT 1');
    await codeOf(client.query('wrong'));
    await (await connect(other.url)).query('SELECT 2');

    const sent = ['BEGIN', "SELECT\n\t'some\nvalue'", 'SELECT 1', 'wrong'];
    expect(await server.statements(url)).toEqual(sent);
    expect((await server.statements()).slice(-5)).toEqual([...sent, 'SELECT 2']);
  });

  it('has the settings of the test', async () => {
    const [rows] = await (await connect(server.url)).query('SELECT @@lock_wait_timeout AS waits');
    expect(rows).toEqual([{ waits: 77 }]);
  });

  it('restarts with the same address and data, and ends connections', async () => {
    const { url } = await server.createDatabase();
    const client = await connect(url);
    await client.query('CREATE TABLE t AS SELECT 1 AS i');
    const ended = new Promise<void>((resolve) => client.on('error', () => resolve()));

    await server.restart();

    await ended;
    const [rows] = await (await connect(url)).query('SELECT * FROM t');
    expect(rows).toEqual([{ i: 1 }]);
  });

  it('that is killed in the middle of a transaction keeps what was committed, and nothing else', async () => {
    const { url } = await server.createDatabase();
    const client = await connect(url);
    await client.query('CREATE TABLE t AS SELECT 1 AS i');
    await client.query('BEGIN');
    await client.query('INSERT INTO t VALUES (2)');

    await server.kill();
    expect(await codeOf(connect(url))).toBe('ECONNREFUSED');
    await server.restart();

    const [rows] = await (await connect(url)).query('SELECT * FROM t');
    expect(rows).toEqual([{ i: 1 }]);
  });

  it('changes a setting for those who connect from now on', async () => {
    await server.set('lock_wait_timeout', '78');
    const [rows] = await (await connect(server.url)).query('SELECT @@lock_wait_timeout AS waits');
    expect(rows).toEqual([{ waits: 78 }]);
  });

  it('has committed although the reply was lost in the proxy before it', async () => {
    const { url } = await server.createDatabase();
    const proxy = await startTcpProxy(url);
    const client = await connect(proxy.url);
    await client.query('CREATE TABLE t (i int)');
    await client.query('BEGIN');
    await client.query('INSERT INTO t VALUES (1)');
    await proxy.setMode('drop-replies');
    expect(await codeOf(client.query('COMMIT'))).not.toBe('none');
    await proxy.close();
    const [rows] = await (await connect(url)).query('SELECT * FROM t');
    expect(rows).toEqual([{ i: 1 }]);
  });

  it('asks for the password', async () => {
    const url = Object.assign(new URL(server.url), { password: 'wrong' });
    expect(await codeOf(connect(url.href))).toBe('ER_ACCESS_DENIED_ERROR');
  });
});

describeWithMariadb(`A server that ${String(mariadb.variable)} names`, () => {
  const variable = String(mariadb.variable);
  let running: Mariadb;
  let before: string | undefined;
  beforeAll(async () => {
    running = await startMariadb({ exclusive: true });
    before = process.env[variable];
    process.env[variable] = running.url;
  });
  afterAll(async () => {
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
    await running.stop();
  });

  it('is used, and keeps no database', async () => {
    const server = await startMariadb();
    expect(server.url).toBe(running.url);
    const { url } = await server.createDatabase();
    await connect(url);
    await server.stop();
    expect(await codeOf(connect(url))).toBe('ER_BAD_DB_ERROR');
    await connect(running.url);
  });

  it('is not restarted, killed, set or asked for statements', async () => {
    const server = await startMariadb();
    const refused = `This server is the one of ${variable}: ask for { exclusive: true }.`;
    await expect(server.restart()).rejects.toThrow(refused);
    await expect(server.kill()).rejects.toThrow(refused);
    await expect(server.set('lock_wait_timeout', '8')).rejects.toThrow(refused);
    await expect(server.statements()).rejects.toThrow(refused);
  });

  it.each([{ exclusive: true }, { logStatements: true }, { settings: { lock_wait_timeout: '9' } }])(
    'is not used by a test that needs %j',
    async (options) => {
      const server = await startMariadb(options);
      await server.stop();
      expect(server.url).not.toBe(running.url);
    },
  );
});

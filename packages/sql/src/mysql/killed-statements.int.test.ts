import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFlamingock, defineChange } from '@flamingock/core';
import { createPool, type PoolConnection } from 'mysql2';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { mariadb, type Mariadb, startMariadb } from '../../../../tools/services/mariadb.mjs';
import { type MariadbDatabase, mariadbDatabase } from '../../test/mariadb-database.js';
import { sqlAuditStore } from '../sql-audit-store.js';
import { SqlExecutor } from '../sql-executor.js';
import { sqlTarget } from '../sql-target.js';

type Answer = (error: Error | null, result?: unknown) => void;
type Query = (statement: { readonly sql: string }, use: Answer) => unknown;
/** What becomes of one statement. */
type Harm = (connection: PoolConnection, execute: (use: Answer) => unknown, use: Answer) => void;

const describeWithMariadb = await describeWith(mariadb);

describeWithMariadb('a run of which any one statement is killed', () => {
  let server: Mariadb;
  let database: MariadbDatabase;
  beforeAll(async () => {
    server = await startMariadb();
    database = await mariadbDatabase(server);
    await database.raw.query('CREATE TABLE probe (service varchar(100) PRIMARY KEY)');
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  /** Starts once; returns how many statements the engine and its change have sent, and how it ended. */
  async function start(
    service: string,
    harm?: { readonly nth: number; readonly how: Harm },
  ): Promise<{ readonly sent: number; readonly code: unknown }> {
    let sent = 0;
    const pool = createPool({ uri: database.url, connectionLimit: 4 });
    pool.on('connection', (connection) => {
      const below = connection as unknown as { query: Query };
      const query = below.query.bind(below);
      below.query = (statement, use) => {
        sent += 1;
        if (sent !== harm?.nth) return query(statement, use);
        harm.how(connection, (answer) => query(statement, answer), use);
        return undefined;
      };
    });
    const code = await createFlamingock({
      service,
      environment: 'test',
      auditStore: sqlAuditStore(pool),
      targets: { db: sqlTarget(pool) },
      changes: [
        defineChange({
          id: 'writes',
          name: '_1__Writes',
          transactional: true,
          inject: { sql: SqlExecutor },
          async apply({ sql }) {
            await sql.execute('INSERT INTO probe VALUES (?)', [service]);
          },
        }),
      ],
      lock: { leaseMs: 3_000, renewMs: 1_000 },
      logger: false,
    })
      .run()
      .then(
        () => 'done',
        (error: unknown) => (error as { readonly code?: unknown }).code,
      );
    await new Promise<void>((resolve) => {
      pool.end(() => {
        resolve();
      });
    });
    return { sent, code };
  }

  const refused = Object.assign(new Error('Query execution was interrupted'), { errno: 1317 });
  const ways: Readonly<Record<string, Harm>> = {
    'is interrupted before it does anything': (_connection, _execute, use) => {
      use(refused);
    },
    'comes when its connection was killed': (connection, execute, use) => {
      void database.raw.query(`KILL CONNECTION ${connection.threadId}`).then(() => {
        execute(use);
      });
    },
    'is executed, and its connection killed before the answer': (connection, execute, use) => {
      execute(() => {
        connection.destroy();
        use(Object.assign(new Error('Connection lost'), { fatal: true, code: 'PROTOCOL_CONNECTION_LOST' }));
      });
    },
  };

  test.each(Object.entries(ways))(
    'where it %s: the next start completes it, and nothing is done twice',
    async (way, how) => {
      const { sent } = await start(way);
      expect(sent).toBeGreaterThan(20);
      for (let nth = 1; nth <= sent; nth += 1) {
        const service = `${way} ${nth}`;
        await start(service, { nth, how });
        // Its key refuses the row of a change that is done twice.
        expect([nth, await start(service)]).toEqual([nth, { sent: expect.any(Number), code: 'done' }]);
        const [rows] = await database.raw.query('SELECT * FROM probe WHERE service = ?', [service]);
        expect(rows).toEqual([{ service }]);
      }
    },
    120_000,
  );
});

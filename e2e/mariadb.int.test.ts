import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sqlAuditStore } from '@flamingock/sql';
import mysql from 'mysql2/promise';
import { describeWith } from '../tools/services/describe-with.mjs';
import { type Mariadb, ownMariadb, startMariadb } from '../tools/services/mariadb.mjs';
import type { Child } from './harness/child.mjs';
import { outcomeOf } from './harness/holding-service.js';
import { outcomesIn } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('fixtures/holding-changes.mjs', import.meta.url));
const ALL = ['first', 'second', 'third'];
const PATIENCE = 90_000;

const describeWithMariadb = await describeWith(ownMariadb);

describeWithMariadb('Real processes on MariaDB', () => {
  let server: Mariadb;
  let sandbox: Sandbox;
  let urls: { readonly audit: string; readonly orders: string };
  let audit: mysql.Pool;
  let orders: mysql.Pool;

  beforeAll(async () => {
    // How long it waits for a client that takes no rows: the default is a minute.
    server = await startMariadb({ exclusive: true, settings: { net_write_timeout: '3' } });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    urls = { audit: (await server.createDatabase()).url, orders: (await server.createDatabase()).url };
    const connect = (uri: string): mysql.Pool => {
      const pool = mysql.createPool({ uri, connectionLimit: 1 });
      sandbox.onClose(() => pool.end());
      return pool;
    };
    [audit, orders] = [connect(urls.audit), connect(urls.orders)];
    await orders.query(
      'CREATE TABLE effects (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL, done boolean)',
    );
  });
  afterEach(() => sandbox.close());

  function start(holds = 'never'): Child {
    return sandbox.start(`holding-changes ${holds}`, [FIXTURE, '--holds', holds], {
      AUDIT_URL: urls.audit,
      ORDERS_URL: urls.orders,
      GO: sandbox.path('go'),
    });
  }
  async function effects(): Promise<readonly string[]> {
    const [rows] = await orders.query<mysql.RowDataPacket[]>('SELECT name FROM effects ORDER BY id');
    return rows.map(({ name }) => String(name));
  }
  const ledger = (): Promise<readonly string[]> => outcomesIn(sqlAuditStore(audit));

  /** All that is in the two databases, as far as it is not the lock, which everybody may take. */
  async function contents(): Promise<unknown> {
    const [fence] = await orders.query('SELECT * FROM flamingock_fence');
    return [await effects(), await ledger(), fence];
  }

  it(
    'that start at once: one of them applies the sequence, and all come up',
    async () => {
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(start())));
      expect(outcomes.map(({ message }) => message)).toEqual(['', '', '', '', '']);
      expect(outcomes.flatMap(({ applied }) => applied)).toEqual(ALL);
      expect(await effects()).toEqual(ALL);
    },
    PATIENCE,
  );

  it.each(['inside', 'rows'])(
    'of which one is stopped, holding %s: the others go on after the lease, and it writes nothing more',
    async (holds) => {
      const stopped = start(holds);
      await stopped.line(/^holding$/);
      if (holds === 'rows') await new Promise((resolve) => setTimeout(resolve, 500));
      stopped.signal('SIGSTOP');
      expect(await effects()).toEqual(['first']);

      const others = await Promise.all([start(), start()].map(outcomeOf));
      expect(others.map(({ message }) => message)).toEqual(['', '']);
      expect(others.flatMap(({ applied }) => applied)).toEqual(['second', 'third']);
      expect(await effects()).toEqual(ALL);
      expect(await ledger()).toEqual([
        'first APPLIED transaction',
        'second FAILED fence',
        'second APPLIED transaction',
        'third APPLIED transaction',
      ]);

      const before = await contents();
      await writeFile(sandbox.path('go'), '');
      stopped.signal('SIGCONT');
      expect(await outcomeOf(stopped)).toMatchObject({ outcome: 'FLG_LOCK_LOST' });
      await stopped.exited;
      expect(await contents()).toEqual(before);
    },
    PATIENCE,
  );

  it.each(['inside', 'before-entry'])(
    'of which one is killed, holding %s: the next one finds out what became of its change',
    async (holds) => {
      const killed = start(holds);
      await killed.line(/^holding$/);
      killed.signal('SIGKILL');
      await killed.exited;
      expect((await outcomeOf(start())).message).toBe('');
      expect(await effects()).toEqual(ALL);
    },
    PATIENCE,
  );

  it(
    'whose server is killed in the middle of a change: nothing of it remains, and the next start completes it',
    async () => {
      const holding = start('inside');
      await holding.line(/^holding$/);
      await server.kill();
      await writeFile(sandbox.path('go'), '');
      expect((await outcomeOf(holding)).applied).toEqual([]);
      await server.restart();
      expect(await effects()).toEqual(['first']);
      expect((await outcomeOf(start())).message).toBe('');
      expect(await effects()).toEqual(ALL);
    },
    PATIENCE,
  );
});

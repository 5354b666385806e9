import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { FrameworkDeployment, FrameworkProcess, StartOptions } from '@flamingock/testing';
import Database from 'better-sqlite3';
import pg from 'pg';
import type { Postgres } from '../../../tools/services/postgres.mjs';
import type { Child } from '../../harness/child.mjs';
import { freePort } from '../../harness/orders.mjs';
import { Sandbox } from '../../harness/sandbox.mjs';
import type { FrameworkSubject } from './subject.js';

/** Where `systems.mjs` is. */
const SYSTEMS = new URL('../systems.mjs', import.meta.url).href;

type Row = Readonly<Record<string, unknown>>;

/** The database of one deployment, looked at past its applications. */
interface Watched {
  /** Variables that lead an application to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rows; none where a table does not exist yet. */
  readonly rows: (sql: string) => Promise<readonly Row[]>;
  readonly statements?: () => Promise<readonly string[]>;
  readonly close: () => Promise<unknown>;
}

/** Processes of one application of the framework contract, on a database of their own. */
export class SubjectDeployment implements FrameworkDeployment {
  readonly secret = `secret-${randomBytes(8).toString('hex')}`;
  readonly statements?: () => Promise<readonly string[]>;
  #closed = false;

  private constructor(
    private readonly subject: FrameworkSubject,
    private readonly sandbox: Sandbox,
    private readonly database: Watched,
  ) {
    if (database.statements !== undefined) this.statements = database.statements;
  }

  /** @param server with a database for it, and statements that are counted; without it, SQLite */
  static async open(subject: FrameworkSubject, server?: Postgres): Promise<SubjectDeployment> {
    const sandbox = await Sandbox.open();
    await mkdir(sandbox.path('signs'));
    const database = server === undefined ? onSqlite(sandbox.path('orders.db')) : await onPostgres(server);
    sandbox.onClose(database.close);
    return new SubjectDeployment(subject, sandbox, database);
  }

  async start(options: StartOptions = {}): Promise<FrameworkProcess> {
    const { behaviour = 'quick', mode = 'apply', onFailure = 'exit', closes = false } = options;
    const { name, command, hold, environment } = this.subject;
    const port = await freePort();
    const child = this.sandbox.start(name, command, {
      PORT: String(port),
      SYSTEMS,
      ...this.database.environment,
      HOLD: hold,
      ON_FAILURE: onFailure,
      BEHAVIOUR: behaviour,
      SIGNS: this.sandbox.path('signs'),
      SECRET: this.secret,
      MODE: mode,
      LEASE_MS: '2000',
      ...(closes ? { THEN: 'close' } : {}),
      NO_COLOR: '1',
      ...environment,
    });
    return new SubjectProcess(child, port);
  }

  async untilHolding(): Promise<void> {
    const holding = this.sandbox.path('signs', 'holding');
    while (!existsSync(holding) && !this.#closed) await pause(10);
  }

  letGo(): Promise<void> {
    return writeFile(this.sandbox.path('signs', 'go'), '');
  }

  async effects(): Promise<readonly string[]> {
    const rows = await this.database.rows('SELECT change FROM orders ORDER BY change');
    return rows.map(({ change }) => String(change));
  }

  async outcomes(): Promise<readonly string[]> {
    const rows = await this.database.rows(
      `SELECT change_id, state FROM flamingock_ledger WHERE state <> 'STARTED' ORDER BY sequence`,
    );
    return rows.map(({ change_id: id, state }) => `${String(id)} ${String(state)}`);
  }

  async isLocked(): Promise<boolean> {
    return (await this.database.rows('SELECT owner FROM flamingock_lock WHERE owner IS NOT NULL')).length > 0;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.sandbox.close();
  }
}

class SubjectProcess implements FrameworkProcess {
  readonly ended: FrameworkProcess['ended'];
  readonly url: string;

  constructor(
    private readonly child: Child,
    port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.ended = child.exited.then(({ code, signal }) => signal ?? code ?? 0);
  }

  get processId(): number {
    return this.child.processId;
  }

  get output(): string {
    return this.child.output;
  }

  async untilWritten(pattern: RegExp): Promise<void> {
    await this.child.line(pattern);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.signal(signal);
  }
}

function onSqlite(file: string): Watched {
  const driver = new Database(file);
  return {
    environment: { DATABASE_FILE: file },
    rows: (sql) => ignoringNoTable(/no such table/, async () => driver.prepare(sql).all()),
    close: async () => driver.close(),
  };
}

async function onPostgres(server: Postgres): Promise<Watched> {
  const { url } = await server.createDatabase();
  const driver = new pg.Pool({ connectionString: url, max: 1 });
  driver.on('error', () => undefined);
  return {
    environment: { DATABASE_URL: url },
    rows: (sql) => ignoringNoTable(/does not exist/, async () => (await driver.query<Row>(sql)).rows),
    statements: () => server.statements(url),
    close: () => driver.end(),
  };
}

async function ignoringNoTable(message: RegExp, read: () => Promise<unknown>): Promise<readonly Row[]> {
  try {
    return (await read()) as readonly Row[];
  } catch (error) {
    // Not by its class: under Jest a native driver's errors may come from another realm.
    if (message.test(String(error))) return [];
    throw error;
  }
}

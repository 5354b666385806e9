import { EventEmitter } from 'node:events';
import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { sqlAuditStore } from '../src/sql-audit-store.js';
import type { SqlDatabase } from '../src/sql-database.js';
import { sqlTarget } from '../src/sql-target.js';
import {
  mariadbAuditHarness,
  mariadbConnectionAuditHarness,
  mariadbConnectionTargetHarness,
  mariadbTargetHarness,
} from './mariadb-harness.js';
import {
  pgBouncerAuditHarness,
  pgBouncerTargetHarness,
  pgClientAuditHarness,
  pgClientTargetHarness,
  postgresAuditHarness,
  postgresTargetHarness,
} from './postgres-harness.js';
import { nodeSqlite } from './node-sqlite.js';
import { sqliteAuditHarness } from './sqlite-audit-harness.js';
import { sqliteTargetHarness } from './sqlite-target-harness.js';

/** A harness tells what its system lacks before there is a database. */
const noDatabase = (): Promise<never> => Promise.reject(new Error('only what is declared is asked for'));

/** Connected to nothing. */
const connection = (): SqlDatabase =>
  Object.assign(new EventEmitter(), {
    config: {},
    stream: { destroy: () => undefined },
    query: () => undefined,
    destroy: () => undefined,
    promise: () => undefined,
  });

const sqlite = (): Database.Database => new Database(':memory:');
/** What makes the table may be a Node without it. */
const nodeSqliteDatabase = (): SqlDatabase => ({
  isTransaction: false,
  prepare: () => {
    throw new Error('only what is declared is asked for');
  },
});

/** What `docs/capabilities.md` tells of this package. Nothing is connected to. */
export const auditStores = [
  { name: 'better-sqlite3', harness: sqliteAuditHarness('wal'), sample: () => sqlAuditStore(sqlite()) },
  {
    name: '`node:sqlite`',
    harness: sqliteAuditHarness('wal', nodeSqlite),
    sample: () => sqlAuditStore(nodeSqliteDatabase()),
  },
  {
    name: '`Pool` of pg',
    harness: postgresAuditHarness(noDatabase),
    sample: () => sqlAuditStore(new pg.Pool()),
  },
  {
    name: '`Client` of pg',
    harness: pgClientAuditHarness(noDatabase),
    sample: () => sqlAuditStore(new pg.Client()),
  },
  {
    name: '`Pool` of pg, PgBouncer',
    harness: pgBouncerAuditHarness(noDatabase),
    sample: () => sqlAuditStore(new pg.Pool()),
  },
  {
    name: 'pool of mysql2, MariaDB',
    harness: mariadbAuditHarness(noDatabase),
    sample: () => sqlAuditStore(mysql.createPool({})),
  },
  {
    name: 'connection of mysql2, MariaDB',
    harness: mariadbConnectionAuditHarness(noDatabase),
    sample: () => sqlAuditStore(connection()),
  },
].map((subject) => ({ ...subject, name: `\`sqlAuditStore\`: ${subject.name}` }));

export const targets = [
  { name: 'better-sqlite3', harness: sqliteTargetHarness('wal'), sample: () => sqlTarget(sqlite()) },
  {
    name: '`node:sqlite`',
    harness: sqliteTargetHarness('wal', nodeSqlite),
    sample: () => sqlTarget(nodeSqliteDatabase()),
  },
  {
    name: '`Pool` of pg',
    harness: postgresTargetHarness(noDatabase),
    sample: () => sqlTarget(new pg.Pool()),
  },
  {
    name: '`Client` of pg',
    harness: pgClientTargetHarness(noDatabase),
    sample: () => sqlTarget(new pg.Client()),
  },
  {
    name: '`Pool` of pg, PgBouncer',
    harness: pgBouncerTargetHarness(noDatabase),
    sample: () => sqlTarget(new pg.Pool()),
  },
  {
    name: 'pool of mysql2, MariaDB',
    harness: mariadbTargetHarness(noDatabase),
    sample: () => sqlTarget(mysql.createPool({})),
  },
  {
    name: 'connection of mysql2, MariaDB',
    harness: mariadbConnectionTargetHarness(noDatabase),
    sample: () => sqlTarget(connection()),
  },
].map((subject) => ({ ...subject, name: `\`sqlTarget\`: ${subject.name}` }));

import { DataSource, type DataSourceOptions } from 'typeorm';
import { typeormAuditStore } from '../src/typeorm-audit-store.js';
import { typeormTarget } from '../src/typeorm-target.js';
import { mariadbAuditHarness, mariadbTargetHarness } from './mariadb-harness.js';
import { postgresAuditHarness, postgresTargetHarness } from './postgres-harness.js';
import { typeormAuditHarness } from './typeorm-audit-harness.js';
import { typeormTargetHarness } from './typeorm-target-harness.js';

/** A harness tells what its system lacks before there is a database. */
const noDatabase = (): Promise<never> => Promise.reject(new Error('only what is declared is asked for'));

/** Of which only what it declares is asked, and nothing that it would have to be connected for. */
function dataSource(options: DataSourceOptions): DataSource {
  return Object.defineProperty(new DataSource(options), 'isInitialized', { value: true });
}

const sqlite = (): DataSource => dataSource({ type: 'better-sqlite3', database: ':memory:' });
const postgres = (): DataSource => dataSource({ type: 'postgres' });
const mariadb = (): DataSource => dataSource({ type: 'mariadb' });

/** What `docs/capabilities.md` tells of this package. Nothing is connected to. */
export const auditStores = [
  {
    name: '`typeormAuditStore`: better-sqlite3',
    harness: typeormAuditHarness,
    sample: () => typeormAuditStore(sqlite()),
  },
  {
    name: '`typeormAuditStore`: postgres',
    harness: postgresAuditHarness(noDatabase),
    sample: () => typeormAuditStore(postgres()),
  },
  {
    name: '`typeormAuditStore`: mariadb, on mysql2',
    harness: mariadbAuditHarness(noDatabase),
    sample: () => typeormAuditStore(mariadb()),
  },
];

export const targets = [
  {
    name: '`typeormTarget`: better-sqlite3',
    harness: typeormTargetHarness,
    sample: () => typeormTarget(sqlite()),
  },
  {
    name: '`typeormTarget`: postgres',
    harness: postgresTargetHarness(noDatabase),
    sample: () => typeormTarget(postgres()),
  },
  {
    name: '`typeormTarget`: mariadb, on mysql2',
    harness: mariadbTargetHarness(noDatabase),
    sample: () => typeormTarget(mariadb()),
  },
];

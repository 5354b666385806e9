import { describe, expect, it } from '@jest/globals';
import { createFlamingock, defineChange, target, type AuditStore } from '@flamingock/core';
import { sqlAuditStore } from '@flamingock/sql';
import { typeormAuditStore } from '@flamingock/typeorm';
import Database from 'better-sqlite3';
import { DataSource } from 'typeorm';

/** Every statement that reaches SQLite, as the driver itself reports it. */
type Statements = string[];

const STORES = [
  [
    'better-sqlite3',
    (statements: Statements): Promise<AuditStore> =>
      Promise.resolve(
        sqlAuditStore(new Database(':memory:', { verbose: (sql) => statements.push(String(sql)) })),
      ),
  ],
  [
    'TypeORM',
    async (statements: Statements): Promise<AuditStore> => {
      const verbose = (sql: unknown): number => statements.push(String(sql));
      const dataSource = new DataSource({ type: 'better-sqlite3', database: ':memory:', verbose });
      return typeormAuditStore(await dataSource.initialize());
    },
  ],
] as const;

describe.each(STORES)('A start with nothing pending, on an audit store on %s', (_, open) => {
  it.each([10, 1000])(
    'sends exactly one statement when %d changes are applied',
    async (count) => {
      const statements: Statements = [];
      const auditStore = await open(statements);
      const start = () =>
        createFlamingock({
          service: 'orders',
          environment: 'test',
          auditStore,
          targets: { anything: target({ clients: [] }) },
          changes: Array.from({ length: count }, (__, index) =>
            defineChange({
              id: `change-${index + 1}`,
              order: index + 1,
              name: 'Nothing',
              targetSystem: 'anything',
              apply() {},
            }),
          ),
          logger: false,
        }).run();

      await expect(start()).resolves.toMatchObject({ outcome: 'applied' });
      statements.length = 0;

      await expect(start()).resolves.toMatchObject({ outcome: 'up-to-date', total: count });
      expect(statements).toEqual([expect.stringMatching(/^\s*(WITH|SELECT)\b/i)]);
    },
    60_000,
  );
});

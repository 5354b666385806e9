import { expect, test } from '@jest/globals';
import pg from 'pg';
import { sqlAuditStore } from './sql-audit-store.js';
import { sqlTarget } from './sql-target.js';

test('what holds a pool, as a plugin of a framework does, is taken for the pool', () => {
  const pool = new pg.Pool();
  const holder = { pool, query: pool.query.bind(pool), connect: pool.connect.bind(pool), Client: pg.Client };
  const target = sqlTarget(holder);
  expect(target.client(pg.Pool)).toBe(pool);
  // So that store and target share a transaction, whichever of the two they were given.
  expect(target.transactions?.driver).toBe(pool);
  expect(sqlAuditStore(holder).driver).toBe(pool);
});

test('what holds something else is no database', () => {
  expect(() => sqlTarget({ pool: {} } as { pool: pg.Pool })).toThrow('FLG_OPTION_INVALID');
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineChange, type DefinedChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
import { GOOD_CHANGE, Service } from './harness/service.js';

let service: Service;
beforeEach(async () => {
  service = await Service.open();
});
afterEach(() => service.close());

describe('A change that only seems to succeed is failed, not applied', () => {
  const misbehaving = (apply: (sql: SqlExecutor) => Promise<unknown>): DefinedChange =>
    defineChange({
      id: 'misbehaving',
      order: 2,
      name: 'Misbehaving',
      targetSystem: 'orders-db',
      inject: { sql: SqlExecutor },
      apply: ({ sql }) => apply(sql),
    });

  it('when it swallows an SQL error: nothing of it remains', async () => {
    const swallowing = misbehaving(async (sql) => {
      await sql.execute(`INSERT INTO effects (name) VALUES ('misbehaving')`);
      await sql.execute('INSERT INTO no_such_table VALUES (1)').catch(() => undefined);
    });
    const error = await service.failureOf({ changes: [GOOD_CHANGE, swallowing] });
    expect(error.code).toBe('FLG_CHANGE_FAILED');
    expect(error.message).toContain('_0002__Misbehaving');
    expect(error.message).toContain('FLG_TRANSACTION_ABORTED');
    expect(service.orders.prepare('SELECT name FROM effects').pluck().all()).toEqual(['good']);
  });

  it('when it commits by itself: a person has to look', async () => {
    const committing = misbehaving(async (sql) => {
      await sql.execute(`INSERT INTO effects (name) VALUES ('misbehaving')`);
      await sql.execute('COMMIT');
    });
    const error = await service.failureOf({ changes: [GOOD_CHANGE, committing] });
    expect(error.code).toBe('FLG_ISSUE_OPEN');
    expect(error.message).toContain('_0002__Misbehaving');
    expect(error.message).toContain('FLG_TRANSACTION_BROKEN');
  });
});

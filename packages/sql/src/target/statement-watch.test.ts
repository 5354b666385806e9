import { describe, expect, test } from '@jest/globals';
import { StatementWatch } from './statement-watch.js';

/** Whether the transaction counts as aborted after the statements; those in `failing` fail. */
async function aborted(...statements: string[]): Promise<boolean> {
  const watch = new StatementWatch({ inTransaction: true });
  for (const sql of statements) {
    const send = (): Promise<void> =>
      sql.startsWith('fails') ? Promise.reject(new Error(sql)) : Promise.resolve();
    await watch.run(sql, send).catch(() => undefined);
  }
  return watch.failure !== undefined;
}

describe('a statement that failed', () => {
  test('aborts the transaction', async () => {
    expect(await aborted('INSERT')).toBe(false);
    expect(await aborted('fails')).toBe(true);
    expect(await aborted('fails', 'INSERT')).toBe(true);
  });

  test.each([
    ['SAVEPOINT a', 'ROLLBACK TO a'],
    ['savepoint a;', 'rollback to savepoint A ;'],
    ['SAVEPOINT "a b"', 'ROLLBACK TRANSACTION TO SAVEPOINT "a b"'],
    ['  SAVEPOINT [a]', '\n ROLLBACK TO `a`'],
  ])('is undone by going back to a savepoint that was set before: %s', async (set, back) => {
    expect(await aborted(set, 'fails', back)).toBe(false);
    expect(await aborted(set, 'fails', back, 'fails')).toBe(true);
    expect(await aborted('fails', set, back)).toBe(true);
    expect(await aborted(set, 'fails')).toBe(true);
  });

  test('is undone by the savepoint around it and not by one within', async () => {
    expect(await aborted('SAVEPOINT a', 'fails', 'SAVEPOINT b', 'ROLLBACK TO b')).toBe(true);
    expect(await aborted('SAVEPOINT a', 'fails', 'SAVEPOINT b', 'ROLLBACK TO b', 'ROLLBACK TO a')).toBe(
      false,
    );
    expect(await aborted('SAVEPOINT a', 'SAVEPOINT b', 'fails', 'ROLLBACK TO a')).toBe(false);
  });

  test('stays where the savepoint was released or another one has its name', async () => {
    expect(await aborted('SAVEPOINT a', 'RELEASE a', 'fails', 'SAVEPOINT a', 'ROLLBACK TO a')).toBe(true);
    expect(await aborted('SAVEPOINT a', 'fails', 'SAVEPOINT a', 'ROLLBACK TO a')).toBe(true);
    expect(await aborted('SAVEPOINT a', 'SAVEPOINT b', 'RELEASE SAVEPOINT b', 'fails', 'ROLLBACK TO a')).toBe(
      false,
    );
  });
});

test('no statement follows the end of the transaction', async () => {
  const connection = { inTransaction: true };
  const watch = new StatementWatch(connection);
  const send = (): Promise<void> => Promise.reject(new Error('must not be sent'));
  connection.inTransaction = false;
  await expect(watch.run('INSERT', send)).rejects.toMatchObject({ code: 'FLG_TRANSACTION_BROKEN' });
  connection.inTransaction = true;
  watch.end();
  await expect(watch.run('INSERT', send)).rejects.toMatchObject({ code: 'FLG_TRANSACTION_BROKEN' });
});

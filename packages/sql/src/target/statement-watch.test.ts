import { describe, expect, test } from '@jest/globals';
import type { TransactionState } from '../driver/connection.js';
import { StatementWatch } from './statement-watch.js';

/** A transaction that is open; the test ends it or loses its connection. */
function transaction(): { -readonly [Key in keyof TransactionState]: TransactionState[Key] } {
  return { inTransaction: true, aborted: false, lost: undefined, settled: () => Promise.resolve() };
}

/** Whether the transaction counts as aborted after the statements; those in `failing` fail. */
async function aborted(...statements: string[]): Promise<boolean> {
  const watch = new StatementWatch(transaction());
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
  const connection = transaction();
  const watch = new StatementWatch(connection);
  const send = (): Promise<void> => Promise.reject(new Error('must not be sent'));
  connection.inTransaction = false;
  await expect(watch.run('INSERT', send)).rejects.toMatchObject({ code: 'FLG_TRANSACTION_BROKEN' });
  connection.inTransaction = true;
  expect(await watch.end(1_000)).toBe(true);
  await expect(watch.run('INSERT', send)).rejects.toMatchObject({ code: 'FLG_TRANSACTION_BROKEN' });
});

test('statements that are not awaited are sent one after the other, and none of them after the end', async () => {
  const connection = transaction();
  const watch = new StatementWatch(connection);
  const sent: string[] = [];
  const send = async (sql: string): Promise<void> => {
    sent.push(sql);
    await Promise.resolve();
    if (sql === 'COMMIT') connection.inTransaction = false;
  };
  const results = await Promise.allSettled(
    ['INSERT', 'COMMIT', 'DELETE'].map((sql) => watch.run(sql, () => send(sql))),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(sent).toEqual(['INSERT', 'COMMIT']);
});

test('what a change has sent without waiting for it is part of it', async () => {
  const watch = new StatementWatch(transaction());
  const sent: string[] = [];
  for (const sql of ['INSERT', 'DELETE']) {
    void watch.run(sql, async () => {
      sent.push(sql);
      return Promise.resolve();
    });
  }
  expect(await watch.end(1_000)).toBe(true);
  expect(sent).toEqual(['INSERT', 'DELETE']);
});

test('the end does not wait for ever for a statement that is under way', async () => {
  const watch = new StatementWatch(transaction());
  await new Promise<void>((begun) => {
    void watch.run('SELECT', () => {
      begun();
      return new Promise(() => undefined);
    });
  });
  expect(await watch.end(10)).toBe(false);
});

test('the engine says something only while the change has nothing to say', async () => {
  const watch = new StatementWatch(transaction());
  const sent: string[] = [];
  const say = (): Promise<void> => {
    sent.push('engine');
    return Promise.reject(new Error('nobody minds'));
  };
  const running = watch.run('INSERT', async () => {
    await Promise.resolve();
    sent.push('change');
  });
  watch.whenIdle(say);
  await running;
  watch.whenIdle(say);
  await watch.run('DELETE', async () => {
    sent.push('change');
    return Promise.resolve();
  });
  expect(sent).toEqual(['change', 'engine', 'change']);
  expect(watch.failure).toBeUndefined();
  await watch.end(1_000);
  watch.whenIdle(say);
  expect(sent).toHaveLength(3);
});

test.each([
  ['COMMIT', true],
  ['insert into t values (1); end', true],
  ["PREPARE TRANSACTION 'a'", true],
  ['/* at last */ commit', true],
  ['UPDATE t SET end_date = now()', false],
  [`SELECT CASE WHEN a THEN 'b; COMMIT' ELSE c END FROM t`, false],
  ['DO $$ BEGIN PERFORM 1; END $$', false],
  ['CREATE FUNCTION f() RETURNS int AS $f$ BEGIN RETURN 1; END; $f$ LANGUAGE plpgsql', false],
])('what a lost connection leaves open is told by the statement under way: %s', async (sql, expected) => {
  const connection = transaction();
  const watch = new StatementWatch(connection);
  const lost = watch.run(sql, () => {
    connection.lost = new Error('the connection is gone');
    return Promise.reject(connection.lost);
  });
  await expect(lost).rejects.toThrow('gone');
  expect(watch.mayHaveEnded).toBe(expected);
  await expect(watch.run('INSERT', () => Promise.resolve())).rejects.toThrow('gone');
});

test.each([
  ['COMMIT', true],
  ['SELECT 1', false],
])('after %s, of which nobody sees the end, the transaction may have ended: %s', (sql, expected) => {
  const watch = new StatementWatch(transaction());
  watch.letPass(sql);
  expect(watch.mayHaveEnded).toBe(expected);
});

test.each([
  [['ROLLBACK'], true],
  [['commit work;'], true],
  [['ROLLBACK; INSERT INTO t VALUES (1)'], false],
  [['COMMIT; BEGIN; INSERT', 'ROLLBACK'], false],
])('an aborted transaction that the change ends by %j has left nothing: %s', async (statements, expected) => {
  const connection = transaction();
  const watch = new StatementWatch(connection);
  for (const sql of statements) {
    const last = sql === statements.at(-1);
    connection.aborted = last;
    await watch.run(sql, async () => {
      connection.inTransaction = !last;
      return Promise.resolve();
    });
  }
  expect(watch.endedAborted).toBe(expected);
});

import { describe, expect, test } from '@jest/globals';
import { never } from '../../test/faults.js';
import { play, transactional } from '../../test/play.js';
import { VirtualTime } from '../../test/virtual-time.js';
import { FlamingockError } from '../errors.js';
import { memoryTarget } from '../memory/memory-target.js';
import type { Target, TargetTransactions, TransactionRequest } from '../target/target.js';

describe('a transaction whose target never comes back', () => {
  const target = (run: (honest: TargetTransactions, request: TransactionRequest) => unknown): Target => {
    const honest = memoryTarget();
    const transactions = honest.transactions as TargetTransactions;
    return {
      ...honest,
      transactions: {
        ...transactions,
        run: (request) => run(transactions, request) as ReturnType<TargetTransactions['run']>,
      },
    };
  };

  test('at its beginning ends the run, and where it begins late the change is refused to it', async () => {
    const effects: string[] = [];
    let begin = (): Promise<unknown> => Promise.resolve();
    const db = target((_honest, request) => {
      begin = () => request.work({ client: () => undefined });
      return never;
    });
    const change = transactional(() => effects.push('late'), { deadlineMs: 300 });
    const { error, story } = await play(change, { targets: { db } });
    expect(error).toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:transaction']);
    await expect(begin()).rejects.toMatchObject({ code: 'FLG_DEADLINE' });
    expect(effects).toEqual([]);
  });

  test('at its end is settled by the fence', async () => {
    const db = target(async (honest, request) => {
      await honest.run(request);
      return never;
    });
    const change = transactional((_context, values) => {
      values.set('a', true);
    });
    const { error, story } = await play(change, { targets: { db }, waitMs: 200 });
    expect(error).toBeUndefined();
    expect(story).toEqual(['a:STARTED:none', 'a:APPLIED:fence']);
  });

  test('after its change was given up is settled by the fence', async () => {
    const db = target(async (honest, request) => {
      await honest.run(request);
      return never;
    });
    const { story } = await play(
      transactional(() => never, { deadlineMs: 300 }),
      { targets: { db } },
    );
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:fence']);
  });

  test('is begun again with the same work, by which a target knows who waits', async () => {
    const works: unknown[] = [];
    const busy = new FlamingockError({ code: 'FLG_STORE_BUSY', message: 'locked', hint: 'again' });
    const db = target((honest, request) => {
      works.push(Reflect.get(request, 'work'));
      return works.length < 3 ? Promise.reject(busy) : honest.run(request);
    });
    const { error } = await play(
      transactional(() => undefined),
      { targets: { db } },
    );
    expect(error).toBeUndefined();
    expect(new Set(works).size).toBe(1);
  });

  test.each([
    ['others wait for the lock', {}, 60_000],
    ["the run's deadline and what is needed to end a change allow", { runDeadlineMs: 1000 }, 12_000],
  ])(
    'at its end, nor to the claim that would settle it, keeps the lock no longer than %s',
    async (_what, limits, longestMs) => {
      const honest = memoryTarget();
      const transactions = honest.transactions as TargetTransactions;
      let claims = 0;
      const db = {
        ...honest,
        transactions: {
          ...transactions,
          claim: (...args: Parameters<TargetTransactions['claim']>) =>
            (claims += 1) === 1 ? transactions.claim(...args) : never,
          run: async (request: TransactionRequest) => {
            await transactions.run(request);
            return never;
          },
        },
      };
      const time = new VirtualTime();
      const change = transactional(() => undefined);
      const { error, story } = await time.during(
        play(change, { targets: { db }, time, waitMs: 60_000, ...limits }),
      );
      expect(error).toMatchObject({ code: 'FLG_TARGET_UNREACHABLE' });
      expect(story).toEqual(['a:STARTED:none']);
      expect(claims).toBe(2);
      expect(time.elapsed).toBeLessThanOrEqual(longestMs);
    },
  );

  test('when it is claimed ends the run in time', async () => {
    const honest = memoryTarget();
    const transactions = { ...(honest.transactions as TargetTransactions), claim: () => never };
    const { error } = await play(
      transactional(() => undefined),
      { targets: { db: { ...honest, transactions } }, waitMs: 50 },
    );
    expect(error).toMatchObject({ code: 'FLG_TARGET_UNREACHABLE' });
  });
});

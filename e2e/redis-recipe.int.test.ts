import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type AuditStore, memoryAuditStore } from '@flamingock/core';
import { Redis } from 'ioredis';
import { describeWith } from '../tools/services/describe-with.mjs';
import { redis, startRedis, type Redis as Server } from '../tools/services/redis.mjs';
import { prefixOrderKeys, redisTarget } from './fixtures/redis-recipe.js';
import { outcomesIn } from './harness/ledger.js';
import { expectShown, serviceWith } from './harness/recipe.js';

const describeWithRedis = await describeWith(redis);

describeWithRedis('The recipe for Redis', () => {
  let server: Server;
  let client: Redis;
  let store: AuditStore;
  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    await client.quit();
    await server.stop();
  });
  beforeEach(async () => {
    store = memoryAuditStore();
    await client.mset(
      Object.fromEntries(Array.from({ length: 500 }, (_, id) => [`order:${id}`, `order ${id}`])),
    );
  });
  afterEach(async () => {
    await client.del(...(await client.keys('*')));
  });

  const start = (through = client) => serviceWith(store, 'redis', redisTarget(through), prefixOrderKeys);
  /** A connection that breaks when 200 keys were renamed. */
  const breaking = (): Redis => {
    const connection = new Redis(server.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
    connection.on('error', () => undefined);
    const renamenx = connection.renamenx.bind(connection);
    let renamed = 0;
    connection.renamenx = async (key: string, to: string) => {
      if ((renamed += 1) > 200) connection.disconnect();
      return renamenx(key, to);
    };
    return connection;
  };
  const keys = async (): Promise<readonly [string, number][]> =>
    Promise.all(
      ['order:*', 'shop:order:*'].map(async (match) => [match, (await client.keys(match)).length] as const),
    ).then((counts) => counts.map(([match, count]) => [match, count]));

  it('is on its page as it is tested', () => expectShown('redis.md', 'redis-recipe.ts'));

  it('renames every key once, and sees when somebody takes the mark away', async () => {
    await start().run();
    expect(await keys()).toEqual([
      ['order:*', 0],
      ['shop:order:*', 500],
    ]);
    await expect(start().verify()).resolves.toMatchObject({ ok: true });
    await client.del('schema:orders');
    await expect(start().verify()).resolves.toMatchObject({ ok: false });
  });

  it('goes on by itself where the connection broke in the middle', async () => {
    await expect(start(breaking()).run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(await keys()).toEqual([
      ['order:*', 300],
      ['shop:order:*', 200],
    ]);

    await start().run();
    expect(await keys()).toEqual([
      ['order:*', 0],
      ['shop:order:*', 500],
    ]);
    expect((await outcomesIn(store)).at(-1)).toBe('prefix-order-keys APPLIED none');
  });

  const takeBack = { last: true, actor: 'ops', reason: 'a release is taken back' } as const;

  it('does not take an undo for done that broke in the middle, and asks a person', async () => {
    await start().run();
    await expect(start(breaking()).undo(takeBack)).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(await keys()).toEqual([
      ['order:*', 200],
      ['shop:order:*', 300],
    ]);
    await expect(start().run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    expect(await outcomesIn(store)).not.toContainEqual(expect.stringMatching(/UNDONE|verify/));
  });

  it('can be undone', async () => {
    await start().run();
    await start().undo(takeBack);
    expect(await keys()).toEqual([
      ['order:*', 500],
      ['shop:order:*', 0],
    ]);
  });
});

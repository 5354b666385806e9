import { expect, test } from '@jest/globals';
import { interleaved } from './interleaved.mjs';

test('everybody takes turns, and what warms up is not counted', async () => {
  const turns: string[] = [];
  const candidate = (name: string) => async () => void turns.push(name);
  const times = await interleaved([candidate('a'), candidate('b')], { rounds: 4, budgetMs: 60_000 });
  expect(times.map(({ length }) => length)).toEqual([4, 4]);
  expect(turns.join('')).toBe('ab'.repeat(turns.length / 2));
  expect(turns.length).toBeGreaterThan(8);
});

test('who has no time left is still measured a few times', async () => {
  const [times] = await interleaved([async () => {}], { rounds: 100, budgetMs: 0 });
  expect(times).toHaveLength(3);
});

test('who has timed itself is believed', async () => {
  const [times] = await interleaved([async () => 5], { rounds: 2, budgetMs: 60_000 });
  expect(times).toEqual([5, 5]);
});

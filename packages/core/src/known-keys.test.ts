import { expect, test } from '@jest/globals';
import { unknownKeys } from './known-keys.js';

const KNOWN = ['service', 'environment', 'targets'];

test('known keys raise nothing', () => {
  expect(unknownKeys({ service: 'orders', targets: undefined }, KNOWN, 'createFlamingock()')).toEqual([]);
});

test('every unknown key is told, with the nearest known one or all of them', () => {
  const problems = unknownKeys({ sevice: 'orders', colour: 'pink' }, KNOWN, 'createFlamingock()');
  expect(problems.map((problem) => problem.code)).toEqual(['FLG_OPTION_UNKNOWN', 'FLG_OPTION_UNKNOWN']);
  expect(problems[0]?.message).toContain("createFlamingock() does not know the option 'sevice'");
  expect(problems[0]?.hint).toBe("Did you mean 'service'?");
  expect(problems[1]?.hint).toBe('Known options: service, environment, targets.');
});

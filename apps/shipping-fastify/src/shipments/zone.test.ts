import { expect, test } from '@jest/globals';
import { zoneOf } from './zone.js';

test.each([
  ['01067', 1],
  ['10115', 1],
  ['50667', 3],
  ['99084', 5],
  ['27498', 6],
])('%s is in zone %d', (postcode, zone) => {
  expect(zoneOf(postcode)).toBe(zone);
});

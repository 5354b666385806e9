import { expect, test } from '@jest/globals';
import { traffic } from './traffic.mjs';

test('each message is a round trip, with as many statements as it holds', () => {
  expect(traffic(['BEGIN;\nSAVEPOINT a', 'SELECT 1;', `INSERT INTO t VALUES ('a;b', 'it''s;')`])).toEqual({
    roundTrips: 3,
    statements: 4,
  });
});

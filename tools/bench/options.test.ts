import { expect, test } from '@jest/globals';
import { readOptions } from './options.mjs';

test('one bench with what is usual', () => {
  expect(readOptions(['startup'])).toEqual({
    benches: ['startup'],
    databases: ['postgres', 'mariadb', 'mongodb'],
    peers: [
      'knex',
      'kysely',
      'umzug',
      'node-pg-migrate',
      'drizzle',
      'typeorm',
      'migrate-mongo',
      'ts-migrate-mongoose',
    ],
    applied: [10, 1000, 10_000],
    rtts: [0, 10],
    pending: [10, 100, 1000],
    rows: 2_000_000,
    json: false,
    write: false,
  });
});

test('all of them, with other numbers, for a program, without peers', () => {
  expect(
    readOptions([
      ...['all', '--json', '--database', 'mongodb,postgres', '--peers', ''],
      ...['--applied', '5', '--rtt', '0', '--pending', '2,3'],
    ]),
  ).toMatchObject({
    benches: ['startup', 'apply', 'memory', 'boot', 'backfill'],
    databases: ['postgres', 'mongodb'],
    peers: [],
    applied: [5],
    rtts: [0],
    pending: [2, 3],
    json: true,
  });
});

test.each([
  [[], /Name one bench/],
  [['startup', 'apply'], /Name one bench/],
  [['speed'], /Name one bench/],
  [['startup', '--peers', 'knex,kneks'], /kneks/],
  [['startup', '--database', 'oracle'], /oracle/],
  [['startup', '--database', ''], /--database takes some of postgres/],
  [['startup', '--applied', '0'], /--applied takes whole numbers from 1/],
  [['startup', '--rtt', 'fast'], /--rtt takes whole numbers from 0/],
  [['apply', '--pending', ''], /--pending/],
  [['backfill', '--rows', '2,3'], /--rows takes a whole number from 1/],
  [['memory', '--fast'], /--fast/],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

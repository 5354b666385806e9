import { expect, test } from '@jest/globals';
import { readConfiguration } from './configuration.js';

const needed = { FLAMINGOCK_ENV: 'local', DATABASE_URL: 'postgres://shipping@localhost/shipping' };

test('what is not said has a default', () => {
  expect(readConfiguration(needed)).toEqual({
    port: 3000,
    leaseMs: 30_000,
    environment: 'local',
    databaseUrl: needed.DATABASE_URL,
  });
});

test('everything that cannot be used is named at once, without its value', () => {
  const variables = { PORT: '70000', LEASE_MS: '099x', DATABASE_URL: 'mysql://shipping:hunter2@localhost' };
  expect(() => readConfiguration(variables)).toThrow(
    'The environment variables of this application cannot be used:\n' +
      '  PORT is no port number\n' +
      '  LEASE_MS is no number of milliseconds from 100 on\n' +
      '  FLAMINGOCK_ENV is missing\n' +
      '  DATABASE_URL is no postgres:// address',
  );
});

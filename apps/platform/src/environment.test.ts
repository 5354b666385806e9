import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { readEnvironment } from './environment.js';

test('only the folder is required', () => {
  expect(readEnvironment({ PLATFORM_DATA: 'data' })).toEqual({
    dataDirectory: resolve('data'),
    ports: { control: 4100, registry: 4101, contracts: 4102, gateway: 4103 },
  });
});

test('every port can be chosen, and several may be left to the system', () => {
  expect(
    readEnvironment({
      PLATFORM_DATA: 'data',
      CONTROL_PORT: '0',
      REGISTRY_PORT: '0',
      CONTRACTS_PORT: '65535',
      GATEWAY_PORT: '1',
    }).ports,
  ).toEqual({ control: 0, registry: 0, contracts: 65_535, gateway: 1 });
});

test('everything wrong is told at once', () => {
  expect(() => readEnvironment({ REGISTRY_PORT: '65536', CONTRACTS_PORT: '', GATEWAY_PORT: '4100' })).toThrow(
    expect.objectContaining({
      code: 'PLATFORM_ENVIRONMENT_INVALID',
      message: [
        'PLATFORM_DATA must name the folder for states and request logs.',
        'REGISTRY_PORT must be a port from 0 to 65535, not "65536".',
        'CONTRACTS_PORT must be a port from 0 to 65535, not "".',
        'CONTROL_PORT and GATEWAY_PORT must be different ports, not both 4100.',
      ].join('\n'),
    }),
  );
});

import { expect, test } from '@jest/globals';
import { configProblem } from './config-problem.js';

const WHOLE = { service: 'shop', environments: { local: { disposable: true } }, auditStore: () => undefined };

test('a configuration with what is needed is one; other parts may be left out', () => {
  expect(configProblem(WHOLE)).toBeUndefined();
  expect(configProblem({ ...WHOLE, application: undefined, targets: undefined })).toBeUndefined();
});

test.each([
  ['nothing', null, 'it exports no configuration.'],
  ['a key', { enviroments: {} }, "the key 'enviroments' is not known."],
  ['a service', { ...WHOLE, service: 42 }, 'service is missing.'],
  ['a list', { ...WHOLE, environments: ['local'] }, 'environments is missing.'],
  ['an environment', { ...WHOLE, environments: { local: null } }, "environments['local'] is no object."],
  ['an environment', { ...WHOLE, environments: { local: true } }, "environments['local'] is no object."],
  ['targets', { ...WHOLE, targets: {} }, 'targets is no function.'],
  ['dependencies', { ...WHOLE, dependencies: [] }, 'dependencies is no function.'],
  ['an application', { ...WHOLE, application: 42 }, 'application is no path.'],
  ['a lock file', { ...WHOLE, changesLock: '' }, 'changesLock is no path.'],
])('%s of the wrong shape is told', (_, config, what) => {
  expect(configProblem(config)?.what).toBe(what);
});

test('a mistyped right of an environment is not taken for its default', () => {
  expect(configProblem({ ...WHOLE, environments: { local: { disposible: true } } })).toEqual({
    what: "the key 'disposible' of environments['local'] is not known.",
    hint: "Did you mean 'disposable'? Known: disposable, secrets, outOfOrder.",
  });
});

test('secrets are names of environment variables', () => {
  for (const secrets of ['DATABASE_URL', null, { database: 42 }])
    expect(configProblem({ ...WHOLE, environments: { local: { secrets } } })?.what).toBe(
      "secrets of environments['local'] are no names of environment variables.",
    );
});

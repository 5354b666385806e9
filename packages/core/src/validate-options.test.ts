import { describe, expect, test } from '@jest/globals';
import { isFlamingockError } from './errors.js';
import { memoryAuditStore } from './memory/memory-store.js';
import type { FlamingockOptions } from './options.js';
import { validateOptions } from './validate-options.js';

const good: FlamingockOptions = {
  service: 'orders',
  environment: 'test',
  auditStore: memoryAuditStore(),
  targets: {},
  changes: [],
};

function problemsOf(options: object): string[] {
  try {
    validateOptions(options as FlamingockOptions);
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    return (error.problems.length === 0 ? [error] : error.problems).map((problem) => problem.message);
  }
  return [];
}

describe('the options', () => {
  test('have defaults', () => {
    expect(validateOptions(good)).toMatchObject({
      tenant: '',
      lock: { leaseMs: 30_000, renewMs: 10_000, waitMs: 600_000 },
      storeTimeoutMs: 10_000,
      abortGraceMs: 5000,
      shutdownGraceMs: 10_000,
    });
    expect(validateOptions(good).runDeadlineMs).toBeUndefined();
  });

  test.each<[string, object, number, number]>([
    ['has short leases where it is disposable', {}, 3000, 1000],
    ['and not where one of their times is set', { renewMs: 2000 }, 30_000, 2000],
    ['nor where both are', { leaseMs: 60_000, renewMs: 5000 }, 60_000, 5000],
    ['but has where it is only said how long to wait', { waitMs: 1 }, 3000, 1000],
  ])('an environment %s', (_what, lock, leaseMs, renewMs) => {
    const environments = { test: { disposable: true }, staging: {} };
    expect(validateOptions({ ...good, environments, lock }).lock).toMatchObject({ leaseMs, renewMs });
    expect(validateOptions({ ...good, environments, environment: 'staging' }).lock).toMatchObject({
      leaseMs: 30_000,
      renewMs: 10_000,
    });
  });

  test.each<[string, object, RegExp]>([
    [
      'an unknown key, with the nearest known one',
      { auditStor: 1 },
      /FLG_OPTION_UNKNOWN.*'auditStor'[^]*Did you mean 'auditStore'/,
    ],
    ['an unknown key of the lock', { lock: { leaseMS: 1 } }, /FLG_OPTION_UNKNOWN.*'leaseMS'[^]*'leaseMs'/],
    ['a lock that is none', { lock: 42 }, /FLG_OPTION_INVALID.*lock must be an object/],
    ['a lease that is no number', { lock: { leaseMs: Symbol('x') } }, /lock\.leaseMs must be a positive/],
    ['a missing service', { service: undefined }, /FLG_OPTION_INVALID.*service is missing/],
    [
      'a missing environment',
      { environment: undefined },
      /FLG_OPTION_INVALID.*environment is missing[^]*FLAMINGOCK_ENV/,
    ],
    ['an empty environment', { environment: '' }, /environment is missing/],
    ['blanks that a database might ignore', { environment: 'production ' }, /environment must be/],
    ['a store that is none', { auditStore: {} }, /auditStore is not an audit store/],
    ['a target that is none', { targets: { db: {} } }, /targets\['db'\] is not a target system/],
    ['changes that are neither a directory nor a list', { changes: './changes' }, /changes is neither/],
    [
      'a lease that renewals cannot keep',
      { lock: { leaseMs: 1000, renewMs: 900 } },
      /renewMs .*more than a third/,
    ],
    ['a time that is none', { storeTimeoutMs: 0 }, /storeTimeoutMs must be a positive/],
    ['a time that Node has no timer for', { storeTimeoutMs: 2 ** 31 }, /storeTimeoutMs must be a positive/],
    ['a deadline that is none', { runDeadlineMs: -1 }, /runDeadlineMs must be a positive/],
    ['a time that is no number', { storeTimeoutMs: Number.NaN }, /storeTimeoutMs must be a positive/],
    ['a list that is none', { secrets: 'hunter2' }, /secrets must be a list/],
    [
      'a dependency that is none',
      { dependencies: [{ token: 1, value: 1 }] },
      /dependencies\[0\] is no dependency/,
    ],
    [
      'a dependency without a value',
      { dependencies: [{ token: 'clock' }] },
      /dependencies\[0\] is no dependency/,
    ],
    ['a token that is none', { effectFree: [1] }, /effectFree\[0\] is no token/],
    [
      'a secret that is no text, without showing it',
      { secrets: [4711] },
      /secrets\[0\] is no text\.\n.*themselves\.$/,
    ],
    ['a logger that is none', { logger: { info() {} } }, /logger is no logger/],
    ['a version that is no text', { applicationVersion: 3 }, /applicationVersion must be a text/],
  ])('refuse %s', (_what, wrong, message) => {
    expect(problemsOf({ ...good, ...wrong })).toEqual([expect.stringMatching(message)]);
  });

  test('report all problems together', () => {
    expect(problemsOf({ servce: 'orders' })).toHaveLength(6);
  });

  test('refuse what is no object at all', () => {
    expect(problemsOf(undefined as unknown as object)).toHaveLength(1);
  });
});

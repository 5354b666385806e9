import { describe, expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { type HostingOptions, validHosting } from './hosting-options.js';

describe('how traffic is held', () => {
  test('has defaults', () => {
    expect(validHosting({}, 'here()')).toEqual({
      valid: {
        hold: 'block',
        onFailure: 'exit',
        readinessPath: '/health/ready',
        openPaths: [],
        retryAfterSeconds: 5,
      },
      problems: [],
    });
  });

  test('takes what is undefined for left out', () => {
    const options = { hold: undefined, readinessPath: undefined } as unknown as HostingOptions;
    expect(validHosting(options, 'here()').valid).toMatchObject({
      hold: 'block',
      readinessPath: '/health/ready',
    });
  });

  test.each<HostingOptions>([
    { hold: 'background', onFailure: 'stay', readinessPath: false, retryAfterSeconds: 0 },
    { onFailure: () => undefined, openPaths: ['/live', /^\/static\/.*$/] },
    // As a bundler or a test runner may hand it over.
    { openPaths: [runInNewContext('/^.live$/') as RegExp] },
  ])('may be %o', (options) => {
    expect(validHosting(options, 'here()')).toMatchObject({ valid: options, problems: [] });
  });

  test.each([
    ['hold', ['later', true]],
    ['onFailure', ['restart', 1]],
    ['readinessPath', ['health', true, '']],
    ['openPaths', ['/live', ['live'], [1], [/live/], [/^\/live/], [/live$/]]],
    ['retryAfterSeconds', [-1, 1.5, '5', Number.NaN]],
  ])('refuses a %s like %j', (key, values) => {
    for (const value of values) {
      const { problems } = validHosting({ [key]: value }, 'here()');
      expect(problems).toMatchObject([
        { code: 'FLG_OPTION_INVALID', message: expect.stringContaining(`here(): ${key} must`) },
      ]);
    }
  });
});

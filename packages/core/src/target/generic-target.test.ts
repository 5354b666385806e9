import { describe, expect, test } from '@jest/globals';
import { token } from '../change/token.js';
import { target } from './generic-target.js';

class FlagClient {
  readonly flags = new Map<string, boolean>();
}
const FLAGS = token<FlagClient>('FLAGS');

describe('target()', () => {
  test('declares clients and promises nothing', () => {
    const flags = target({ clients: [FlagClient], identity: 'flags.internal' });
    expect(flags).toMatchObject({ clients: [FlagClient], identity: 'flags.internal' });
    expect(flags.supplies(FlagClient)).toBe(false);
    expect(flags.transactions).toBeUndefined();
    expect(flags.evidence).toBeUndefined();
  });

  test('supplies the very instances that it was given, by class, typed token or plain key', () => {
    const client = new FlagClient();
    const flags = target({
      supply: [
        { token: FlagClient, value: client },
        { token: FLAGS, value: client },
      ],
    });
    expect(flags.client(FlagClient)).toBe(client);
    expect(flags.supplies('FLAGS')).toBe(true);
    expect(flags.client('FLAGS')).toBe(client);
    expect(flags.supplies(token('OTHER'))).toBe(false);
  });

  test.each([
    ['nothing', {}, 'FLG_OPTION_INVALID'],
    ['a client that a cycle of imports left undefined', { clients: [undefined] }, 'FLG_OPTION_INVALID'],
    ['clients that are no list', { clients: FlagClient }, 'FLG_OPTION_INVALID'],
    ['supply without a token', { supply: [{ value: 1 }] }, 'FLG_OPTION_INVALID'],
    [
      'an identity with credentials',
      { clients: [FlagClient], identity: 'https://me:pw@flags' },
      'FLG_OPTION_INVALID',
    ],
    ['an empty identity', { clients: [FlagClient], identity: ' ' }, 'FLG_OPTION_INVALID'],
    ['an unknown key', { clients: [FlagClient], client: FlagClient }, 'FLG_OPTION_UNKNOWN'],
  ])('refuses %s', (_name, options, code) => {
    expect(() => target(options as Parameters<typeof target>[0])).toThrow(expect.objectContaining({ code }));
  });

  test('reports all problems together', () => {
    const options = { clients: 'x', identity: '', name: 'flags' } as unknown as Parameters<typeof target>[0];
    expect(() => target(options)).toThrow(expect.objectContaining({ code: 'FLG_SEVERAL_PROBLEMS' }));
  });
});

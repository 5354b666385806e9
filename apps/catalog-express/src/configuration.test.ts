import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from './configuration.mjs';

describe('readConfiguration', () => {
  it('needs nothing: a MongoDB server at its usual port', () => {
    expect(readConfiguration({})).toEqual({
      port: 3000,
      environment: 'local',
      databaseUrl: 'mongodb://127.0.0.1:27017/catalogue',
    });
  });

  it.each(['mongodb://catalogue:secret@db/catalogue', 'mongodb+srv://db/catalogue'])('takes %s', (url) => {
    expect(readConfiguration({ PORT: '0', DATABASE_URL: url })).toMatchObject({ port: 0, databaseUrl: url });
  });

  it.each([
    [{ PORT: '' }, 'PORT is no number'],
    [{ PORT: '70000' }, 'PORT is no number from 0 to 65535'],
    [{ DATABASE_URL: 'db/secret' }, 'DATABASE_URL is no mongodb:// address'],
  ])('refuses %j without repeating the value', (variables, message) => {
    const read = (): unknown => readConfiguration(variables);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/70000|secret/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from './configuration.mjs';

describe('readConfiguration', () => {
  it('needs nothing: a file of SQLite in the folder of the application', () => {
    expect(readConfiguration({})).toEqual({
      port: 3000,
      environment: 'local',
      databaseUrl: undefined,
      databaseFile: expect.stringMatching(/catalog-express\/\.data\/catalogue\.sqlite$/),
    });
  });

  it('takes PostgreSQL where it is told of one', () => {
    const url = 'postgresql://catalogue:secret@db/catalogue';
    expect(readConfiguration({ PORT: '0', DATABASE_URL: url })).toMatchObject({ port: 0, databaseUrl: url });
  });

  it.each([
    [{ PORT: '' }, 'PORT is no number'],
    [{ PORT: '70000' }, 'PORT is no number from 0 to 65535'],
    [{ DATABASE_URL: 'db/secret' }, 'DATABASE_URL is no postgres:// address'],
  ])('refuses %j without repeating the value', (variables, message) => {
    const read = (): unknown => readConfiguration(variables);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/70000|secret/);
  });
});

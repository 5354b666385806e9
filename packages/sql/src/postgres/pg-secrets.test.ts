import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pgSecrets } from './pg-secrets.js';

describe('The secrets of pg', () => {
  it.each([
    ['the password of a URL', { connectionString: 'postgres://app:hunter%2F22@db/orders' }, ['hunter/22']],
    [
      'the password in the query of a URL',
      { connectionString: 'postgres://db/orders?password=hunter22' },
      ['hunter22'],
    ],
    ['the option', { user: 'app', password: 'hunter22' }, ['hunter22']],
    ['none where there is none', { connectionString: 'postgres://db/orders' }, []],
    ['none where it is asked for later', { password: () => 'hunter22' }, []],
    ['none in the path of a socket', { connectionString: '/var/run/postgresql orders' }, []],
    ['not the name of the user', { connectionString: 'postgres://orders-app:orders-app@db/x' }, []],
    ['not the name of the database', { database: 'orders-db', password: 'orders-db' }, []],
    ['nothing short, which may be part of any word', { user: 'app', password: 'pass' }, []],
  ])('are %s', (_, options, secrets) => {
    expect(pgSecrets(new pg.Pool(options).options)).toEqual(secrets);
  });

  it('are known of a client too', () => {
    expect(pgSecrets(new pg.Client('postgres://app:hunter22@db/orders'))).toEqual(['hunter22']);
  });
});

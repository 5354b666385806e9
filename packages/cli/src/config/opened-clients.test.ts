import { expect, test } from '@jest/globals';
import { OpenedClients } from './opened-clients.js';

test('a secret comes from the variable that the environment names, and its password is kept out of messages, too', () => {
  const clients = new OpenedClients(
    'production',
    { secrets: { database: 'PRODUCTION_URL' } },
    { PRODUCTION_URL: 'postgres://orders:p%40ss@db/orders', TOKEN: 'abc' },
  );
  expect(clients.secret('database')).toBe('postgres://orders:p%40ss@db/orders');
  expect(clients.secret('TOKEN')).toBe('abc');
  expect(clients.secrets).toEqual(['postgres://orders:p%40ss@db/orders', 'p%40ss', 'p@ss', 'abc']);
  expect(() => clients.secret('MISSING_URL')).toThrow(/FLG_SECRET_MISSING.*MISSING_URL/);
});

test('a password with a percent sign that encodes nothing is a password all the same', () => {
  const clients = new OpenedClients('local', {}, { DATABASE_URL: 'mysql://orders:100%@db/orders' });
  expect(clients.secret('DATABASE_URL')).toBe('mysql://orders:100%@db/orders');
  expect(clients.secrets).toContain('100%');
});

test('a secret that stands where the name of its variable belongs is refused, and not repeated', () => {
  const clients = new OpenedClients('local', { secrets: { database: 'postgres://orders:s3cret@db' } }, {});
  for (const name of ['database', 'postgres://orders:s3cret@db']) {
    expect(() => clients.secret(name)).toThrow(/FLG_CONFIG_INVALID/);
    expect(() => clients.secret(name)).not.toThrow(/s3cret/);
  }
});

test('nor is one that could be the name of a variable, but is none of those that there are', () => {
  for (const secret of ['hunter2', 'AKIAQ5FX7EXAMPLE', 'correct_horse_battery']) {
    const clients = new OpenedClients('local', { secrets: { database: secret } }, {});
    expect(() => clients.secret('database')).toThrow(/FLG_SECRET_MISSING.*secrets\.database/);
    expect(() => clients.secret(secret)).toThrow(/FLG_SECRET_MISSING.*a secret/);
    for (const name of ['database', secret]) expect(() => clients.secret(name)).not.toThrow(secret);
  }
});

test('a client is made once for its name, and closed with the others, the last one first', async () => {
  const clients = new OpenedClients('local', {}, {});
  const closed: string[] = [];
  const open = (name: string): object =>
    clients.open(
      name,
      () => ({}),
      () => closed.push(name),
    );
  expect(open('orders')).toBe(open('orders'));
  open('audit');
  await clients.close();
  expect(closed).toEqual(['audit', 'orders']);
});

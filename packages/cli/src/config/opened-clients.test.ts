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
  expect(() => clients.secret('MISSING')).toThrow(/FLG_SECRET_MISSING.*MISSING/);
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

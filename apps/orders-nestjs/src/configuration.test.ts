import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from './configuration.js';

const COMPLETE = {
  FLAMINGOCK_ENV: 'local',
  ORDERS_DB: 'orders.db',
  AUDIT_DB: 'audit.db',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
  CONTRACTS_URL: 'https://contracts.example/',
  GATEWAY_URL: 'http://127.0.0.1:8083',
};

describe('readConfiguration', () => {
  it('listens on 3000 unless it is told otherwise', () => {
    expect(readConfiguration(COMPLETE).port).toBe(3000);
    expect(readConfiguration({ ...COMPLETE, PORT: '8080' }).port).toBe(8080);
  });

  it('consumes messages where it is told to', () => {
    expect(readConfiguration(COMPLETE).messagesPort).toBeUndefined();
    expect(readConfiguration({ ...COMPLETE, MESSAGES_PORT: '3001' }).messagesPort).toBe(3001);
  });

  it('takes the slash from the end of an address', () => {
    expect(readConfiguration(COMPLETE).contractsUrl).toBe('https://contracts.example');
  });

  it('takes two files of SQLite', () => {
    expect(readConfiguration(COMPLETE).databases).toEqual({
      type: 'sqlite',
      orders: 'orders.db',
      audit: 'audit.db',
    });
  });

  it('takes PostgreSQL where it is told of one, with the audit store in the same database or in another', () => {
    const orders = 'postgres://orders:secret@db/orders';
    const audit = 'postgresql://audit:secret@db/audit';
    expect(readConfiguration({ ...COMPLETE, DATABASE_URL: orders }).databases).toEqual({
      type: 'postgres',
      orders,
      audit: orders,
    });
    const two = { ...COMPLETE, DATABASE_URL: orders, AUDIT_DATABASE_URL: audit };
    expect(readConfiguration(two).databases).toEqual({ type: 'postgres', orders, audit });
  });

  it('names everything that is missing, in one error', () => {
    expect(() => readConfiguration({ ORDERS_DB: 'orders.db' })).toThrow(
      [
        'The environment variables of this application cannot be used:',
        '  FLAMINGOCK_ENV is missing',
        '  AUDIT_DB is missing',
        '  SCHEMA_REGISTRY_URL is missing',
        '  CONTRACTS_URL is missing',
        '  GATEWAY_URL is missing',
      ].join('\n'),
    );
  });

  it.each([
    ['PORT', 'http', 'PORT is no port number'],
    ['PORT', '70000', 'PORT is above 65535'],
    ['MESSAGES_PORT', 'tcp', 'MESSAGES_PORT is no port number'],
    ['FLAMINGOCK_ENV', ' ', 'FLAMINGOCK_ENV is empty'],
    ['GATEWAY_URL', 'localhost:8083', 'GATEWAY_URL is no http(s) address'],
    ['GATEWAY_URL', 'user:secret', 'GATEWAY_URL is no http(s) address'],
    ['DATABASE_URL', '', 'DATABASE_URL is empty'],
    ['DATABASE_URL', 'mysql://user:secret@db/orders', 'DATABASE_URL is no postgres:// address'],
  ])('refuses %s=%s without repeating the value', (name, value, message) => {
    expect(() => readConfiguration({ ...COMPLETE, [name]: value })).toThrow(
      new Error(`The environment variables of this application cannot be used:\n  ${message}`),
    );
  });
});

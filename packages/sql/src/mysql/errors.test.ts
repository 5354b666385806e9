import { expect, test } from '@jest/globals';
import { tableNames } from '../dialect/table-names.js';
import { mysqlErrors } from './errors.js';

const errors = mysqlErrors(tableNames());

function failed(errno: number, sqlMessage = ''): Error {
  return Object.assign(new Error(sqlMessage), { errno, sqlMessage });
}

test.each([1205, 1213, 1020, 3572, 3101, 1047])('%i may be repeated', (errno) => {
  expect(errors.isBusy(failed(errno))).toBe(true);
});

test('an error that only looks like one of the server is none', () => {
  for (const error of [new Error('1205'), { code: '1205' }, undefined, 'ER_LOCK_DEADLOCK'])
    expect(errors.isBusy(error)).toBe(false);
});

test.each([
  [`Duplicate entry 'orders--test-1' for key 'flamingock_ledger_key'`, true],
  [`Duplicate entry 'orders--test-1' for key 'flamingock_ledger.flamingock_ledger_key'`, true],
  [`Doppelter Eintrag 'orders--test-1' für Schlüssel 'flamingock_ledger_key'`, true],
  [`Duplicate entry 'flamingock_ledger_key' for key 'PRIMARY'`, false],
  [`Duplicate entry '1' for key 'copies.flamingock_ledger_key_2'`, false],
])('of a duplicate the key decides: %s', (message, expected) => {
  expect(errors.isDuplicateEntry(failed(1062, message))).toBe(expected);
});

test('only a table of its own is missing, also where the server keeps names in lower case', () => {
  const named = mysqlErrors(tableNames({ prefix: 'Orders_' }));
  expect(named.isMissingTable(failed(1146, `Table 'shop.orders_ledger' doesn't exist`))).toBe(true);
  expect(named.isMissingTable(failed(1146, `Table 'shop.customers' doesn't exist`))).toBe(false);
});

test('a savepoint is told from a function that does not exist', () => {
  expect(errors.isUnknownSavepoint(failed(1305, 'SAVEPOINT flamingock_change does not exist'))).toBe(true);
  expect(errors.isUnknownSavepoint(failed(1305, 'FUNCTION shop.total does not exist'))).toBe(false);
});

import assert from 'node:assert/strict';

/**
 * Deep strict equality of plain data. Test frameworks run tests in a realm of their own, in which the objects of
 * native drivers have foreign prototypes; those do not count.
 */
export function same(actual: unknown, expected: unknown, message?: string): void {
  assert.deepEqual(ofThisRealm(actual), ofThisRealm(expected), message);
}

function ofThisRealm(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, ofThisRealm);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, ofThisRealm(part)]));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

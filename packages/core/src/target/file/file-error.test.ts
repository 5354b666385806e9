import { expect, test } from '@jest/globals';
import { FileError, fileError, isFileError } from './file-error.js';

const parts = { code: 'FILE_PATH', path: 'a.json', reason: 'is no path' };

test('a failure of a file is known by its mark, also one of another copy of the package', () => {
  const elsewhere = { code: 'FILE_PATH', [Symbol.for('flamingock.file-error')]: true };
  expect([new FileError(parts), elsewhere].map(isFileError)).toEqual([true, true]);
  expect(fileError(elsewhere, 'b.json', 'was not read')).toBe(elsewhere);
});

test('another error is none, whatever it looks like', () => {
  const alike = Object.assign(new Error('a.json is no path'), { ...parts, name: 'FileError' });
  expect([alike, undefined, 'FILE_PATH'].map(isFileError)).toEqual([false, false, false]);
});

import { expect, test } from '@jest/globals';
import { Change } from '../change/decorators.js';
import { defineChange } from '../change/define-change.js';
import { exportedDeclarations } from './exported-declarations.js';

const definition = defineChange({ id: 'x', apply: () => undefined });

@Change({ id: 'y' })
class Decorated {
  readonly kind = 'change';
}

test.each([
  ['a default export', { default: definition }],
  ['a named export', { change: definition, other: 5, nothing: null }],
  ['one export under two names', { default: definition, change: definition }],
  ['module.exports through require', definition],
  ['module.exports through import()', { default: definition, 'module.exports': definition }],
  ['exports.default through import()', { default: { default: definition }, __esModule: true }],
])('a definition is found as %s', (_form, module) => {
  expect(exportedDeclarations(module)).toEqual([definition]);
});

test('a class is found as module.exports through require', () => {
  expect(exportedDeclarations(Decorated)).toEqual([Decorated]);
});

test('all of several are found, and nothing else', () => {
  class Derived extends Decorated {}
  expect(exportedDeclarations({ default: definition, Decorated, Derived })).toEqual([definition, Decorated]);
  expect(exportedDeclarations(undefined)).toEqual([]);
});

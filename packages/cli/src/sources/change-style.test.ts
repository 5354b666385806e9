import { expect, test } from '@jest/globals';
import { clientOf } from './change-client.js';
import type { ChangeSourceFile } from './change-files.js';
import { firstStyle, styleOf, targetOf } from './change-style.js';
import { changeText } from './change-text.js';

const FIRST = firstStyle({ form: 'function', extension: '.ts', modules: 'esm', named: false });

function file(text: string, name = 'CreateOrders', extension = '.ts'): ChangeSourceFile {
  return { path: `/changes/_0001__${name}${extension}`, digits: '0001', order: 1n, name, extension, text };
}

const DECORATED = `import { Apply, Change, Rollback, TargetSystem } from '@flamingock/core';
import { type Order, SqlExecutor } from '@flamingock/sql';
import { Naming } from '../naming.js';

@Change({ id: 'create-orders', author: 'orders-team' })
@TargetSystem('orders-db')
export class _0001__CreateOrders {
  @Apply()
  async apply(orders: SqlExecutor, naming: Naming): Promise<void> {}

  @Rollback()
  async rollback(orders: SqlExecutor): Promise<void> {}
}
`;

const REQUIRED = `const { defineChange } = require('@flamingock/core');
const { EntityManager } = require('typeorm');

module.exports = defineChange({
    id: 'createOrders',
    name: '_0001__CreateOrders',
    targetSystem: 'orders-db',
    inject: { manager: EntityManager },
    async apply({ manager }) {},
});
`;

/** What is written where these stand. */
function next(...files: readonly ChangeSourceFile[]): string {
  const last = files.at(-1);
  return changeText(
    {
      id: 'add-totals',
      displayName: '_0002__AddTotals',
      targetSystem: last === undefined ? 'orders-db' : targetOf(last),
      client: last === undefined ? undefined : clientOf(last),
    },
    styleOf(files, FIRST),
  );
}

test('a decorated class is followed by one, with the client of its target', () => {
  expect(next(file(DECORATED)))
    .toBe(`import { Apply, Change, NotApplied, Rollback, TargetSystem } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

@Change({ id: 'add-totals', author: 'orders-team' })
@TargetSystem('orders-db')
export class _0002__AddTotals {
  @Apply()
  async apply(orders: SqlExecutor): Promise<void> {
    throw new NotApplied('_0002__AddTotals is not written yet');
  }

  @Rollback()
  async rollback(orders: SqlExecutor): Promise<void> {
    throw new Error('The rollback of _0002__AddTotals is not written yet');
  }
}
`);
});

test('what is required is followed by what is required, with its name where it is listed', () => {
  expect(next(file(REQUIRED, 'CreateOrders', '.cjs')))
    .toBe(`const { defineChange, NotApplied } = require('@flamingock/core');
const { EntityManager } = require('typeorm');

module.exports = defineChange({
    id: 'add-totals',
    name: '_0002__AddTotals',
    targetSystem: 'orders-db',
    inject: { manager: EntityManager },
    async apply({ manager }) {
        throw new NotApplied('_0002__AddTotals is not written yet');
    },
});
`);
});

test('habits are read from what is there', () => {
  expect(styleOf([file(DECORATED), file(REQUIRED, 'create_totals', '.cjs')], FIRST)).toMatchObject({
    form: 'function',
    extension: '.cjs',
    modules: 'commonjs',
    names: 'snake',
    ids: 'camel',
    named: true,
    rollback: true,
    author: undefined,
  });
  expect(styleOf([file('what nobody understands')], FIRST)).toBe(FIRST);
  const withoutMetadata = DECORATED.replace('@Apply()', '@Apply({ inject: [SqlExecutor] })');
  expect(next(file(withoutMetadata))).toContain('@Apply({ inject: [SqlExecutor] })');
});

test('a client that comes with the project is left to whoever writes the change', () => {
  expect(clientOf(file(DECORATED.replace('orders: SqlExecutor', 'naming: Naming')))).toBeUndefined();
  expect(clientOf(file('@Apply() async apply(context: ChangeContext) {}'))).toBeUndefined();
});

test('a class behind a default export is asked for in the same way again', () => {
  const mongoose = `import { Apply, Change } from '@flamingock/core';
import mongoose from 'mongoose';

@Change({ id: 'a' })
export class _0001__A {
  @Apply()
  async apply(connection: mongoose.Connection): Promise<void> {}
}
`;
  const client = { parameter: 'connection', type: 'mongoose.Connection', module: 'mongoose' };
  for (const text of [
    mongoose,
    mongoose.replace("import mongoose from 'mongoose'", "const mongoose = require('mongoose')"),
  ])
    expect(clientOf(file(text))).toEqual(client);
  const written = { id: 'b', displayName: '_0002__B', targetSystem: undefined, client };
  expect(changeText(written, FIRST)).toContain("import mongoose from 'mongoose';");
});

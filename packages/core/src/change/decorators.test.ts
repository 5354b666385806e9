import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import type { Verdict } from './change.js';
import { ChangeContext } from './change-context.js';
import { Apply, Change, Recovery, TargetSystem, Verify } from './decorators.js';
import { token } from './token.js';

class Database {
  readonly kind = 'database';
}
class Naming {
  readonly rule = 'snake';
}
const KAFKA = token<{ readonly topic: string }>('KAFKA');

// Each `@ts-expect-error` is a test of the types: the compiler fails where the line below it is accepted.

test('the types hold what is listed against the parameters', () => {
  @Change({ id: 'x', inject: [Naming], outside: [Naming] })
  @TargetSystem('orders-db')
  @Recovery({ strategy: 'ALWAYS_RETRY' })
  class Right {
    constructor(readonly naming: Naming) {}

    @Apply({ inject: [Database, KAFKA, 'PLAIN', ChangeContext] })
    protected async apply(
      _database: Database,
      _kafka: { readonly topic: string },
      _plain: Date,
      _context: ChangeContext,
    ): Promise<number> {
      return 1;
    }

    // @ts-expect-error -- the tokens stand for other types, in another order
    @Apply({ inject: [Naming, Database] })
    swapped(_database: Database, _naming: Naming): void {}

    // @ts-expect-error -- a parameter is missing in the list
    @Apply({ inject: [Database] })
    short(_database: Database, _naming: Naming): void {}

    @Verify()
    async verify(): Promise<Verdict> {
      return 'APPLIED';
    }

    // @ts-expect-error -- no verdict
    @Verify()
    async noVerdict(): Promise<boolean> {
      return true;
    }
  }
  expect(Right.name).toBe('Right');
});

test('the types refuse what cannot be a change', () => {
  // @ts-expect-error -- there is no id
  expect(Change({})).toBeInstanceOf(Function);
  // @ts-expect-error -- an unknown option
  expect(Change({ id: 'x', autor: 'me' })).toBeInstanceOf(Function);
  // @ts-expect-error -- no strategy
  expect(Recovery({ strategy: 'NEVER' })).toBeInstanceOf(Function);

  // @ts-expect-error -- the list does not fit the constructor
  @Change({ id: 'x', inject: [Database] })
  class Mismatched {
    constructor(readonly naming: Naming) {}
  }

  // @ts-expect-error -- an abstract class cannot be constructed
  @Change({ id: 'x' })
  abstract class Abstract {}
  expect([Mismatched, Abstract]).toHaveLength(2);
});

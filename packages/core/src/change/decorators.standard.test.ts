import { describe, expect, test } from '@jest/globals';
import type { Verdict } from './change.js';
import { ChangeContext } from './change-context.js';
import { Apply, Change, Recovery, Rollback, TargetSystem, Verify } from './decorators.js';
import { readClass } from './read-class.js';
import type { ChangeClass } from './read-class.js';

class Database {
  readonly kind = 'database';
}
class Naming {
  readonly rule = 'snake';
}
const context = {} as ChangeContext;

function read(type: ChangeClass) {
  const { change, problems } = readClass(type, { source: type.name });
  return { change, problems: problems.map((problem) => problem.message) };
}

describe('standard decorators', () => {
  test('declare a change that lists what it asks for', () => {
    @Change({ id: 'add-column', inject: [Naming], outside: [Naming] })
    @TargetSystem('orders-db')
    @Recovery({ strategy: 'ALWAYS_RETRY' })
    class _0001__AddColumn {
      constructor(readonly naming: Naming) {}

      @Apply({ inject: [Database, ChangeContext] })
      async apply(database: Database, context: ChangeContext): Promise<unknown> {
        return [this.naming, database, context];
      }

      @Rollback()
      rollback(): string {
        return 'back';
      }

      @Verify({ inject: [Database], optional: [Database] })
      protected async verify(_database: Database | undefined): Promise<Verdict> {
        return 'UNKNOWN';
      }
    }
    const { change, problems } = read(_0001__AddColumn);
    expect(problems).toEqual([]);
    expect(change).toMatchObject({
      order: '1',
      name: 'AddColumn',
      targetSystem: 'orders-db',
      recovery: 'ALWAYS_RETRY',
      construction: { parameters: [{ token: Naming, outside: true }] },
      apply: { parameters: [{ token: Database, position: 'apply() parameter 1' }] },
      rollback: { parameters: [] },
      verify: { parameters: [{ token: Database, optional: true }] },
    });
    const naming = new Naming();
    const instance = change?.construction.construct([naming]);
    return expect(change?.apply.invoke(instance, ['db'], context)).resolves.toEqual([naming, 'db', context]);
  });

  test('tell nothing of parameters that are not listed', () => {
    @Change({ id: 'x' })
    class _1__X {
      constructor(readonly naming: Naming) {}

      @Apply()
      apply(_database: Database): void {}
    }
    const { change, problems } = read(_1__X);
    expect(change).toBeUndefined();
    expect(problems.sort()).toEqual([
      expect.stringMatching(/FLG_METADATA_MISSING: _1__X: .*apply\(\)/),
      expect.stringMatching(/FLG_METADATA_MISSING: _1__X: .*constructor/),
    ]);
  });

  test('of a base class count, and an override keeps them', () => {
    class Base {
      @Apply({ inject: [Database] })
      apply(database: Database): string {
        return `base ${database.kind}`;
      }

      @Rollback()
      rollback(): string {
        return 'base';
      }
    }
    @Change({ id: 'x' })
    class _1__X extends Base {
      override apply(database: Database): string {
        return `derived ${database.kind}`;
      }

      @Rollback({ inject: [Naming] })
      override rollback(naming?: Naming): string {
        return `derived ${naming?.rule ?? 'no'} names`;
      }
    }
    const { change } = read(_1__X);
    const instance = change?.construction.construct([]);
    expect(change?.apply.invoke(instance, [new Database()], context)).toBe('derived database');
    expect(change?.rollback?.invoke(instance, [new Naming()], context)).toBe('derived snake names');
  });

  function Traced() {
    return <A extends unknown[], R>(method: (...args: A) => R, _context: ClassMethodDecoratorContext) =>
      function (this: unknown, ...args: A): R {
        return Reflect.apply(method, this, args);
      };
  }

  test('may stand above a decorator that wraps the method', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply()
      @Traced()
      apply(): string {
        return 'applied';
      }
    }
    const { change } = read(_1__X);
    expect(change?.apply.invoke(change.construction.construct([]), [], context)).toBe('applied');
  });

  test('below a decorator that wraps the method are told, and never lost in silence', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Traced()
      @Apply()
      apply(): void {}
    }
    expect(read(_1__X).problems).toEqual([expect.stringMatching(/no method with @Apply\(\)[^]*above/)]);

    @Change({ id: 'x' })
    class _2__X {
      @Apply()
      apply(): void {}

      @Traced()
      @Rollback()
      rollback(): void {}
    }
    expect(() => read(_2__X).change?.construction.construct([])).toThrow(
      /FLG_CHANGE_INVALID: @Rollback\(\) of 'rollback' is hidden by another decorator/,
    );
  });

  test('refuse static and private methods and fields, in the types too', () => {
    expect(() => {
      class Static {
        // @ts-expect-error -- a static method
        @Apply()
        static apply(): void {}

        readonly kind = 'static';
      }
      return Static;
    }).toThrow(/cannot mark 'apply'/);
    expect(() => {
      class Private {
        // @ts-expect-error -- private
        @Apply()
        #apply(): void {}

        call(): void {
          this.#apply();
        }
      }
      return Private;
    }).toThrow(/cannot mark '#apply'/);
    expect(() => {
      class Field {
        // @ts-expect-error -- a field
        @Apply()
        apply = (): void => undefined;
      }
      return Field;
    }).toThrow(/cannot mark 'apply'/);
  });

  test('are held against the types of the parameters', () => {
    class Wrong {
      // @ts-expect-error -- the tokens stand for other types, in another order
      @Apply({ inject: [Naming, Database] })
      swapped(_database: Database, _naming: Naming): void {}

      // @ts-expect-error -- no verdict
      @Verify()
      async noVerdict(): Promise<boolean> {
        return true;
      }
    }
    // @ts-expect-error -- the list does not fit the constructor
    @Change({ id: 'x', inject: [Database] })
    class Mismatched {
      constructor(readonly naming: Naming) {}
    }
    expect([Wrong, Mismatched]).toHaveLength(2);
  });
});

import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { declaredBy, read, wrong } from '../../test/read-decorated.js';
import type { Verdict } from './change.js';
import { ChangeContext } from './change-context.js';
import {
  Apply,
  Change,
  Inject,
  Optional,
  Outside,
  Recovery,
  Rollback,
  TargetSystem,
  Verify,
} from './decorators.js';
import { token } from './token.js';

class Database {
  readonly kind = 'database';
}
class Naming {
  readonly rule = 'snake';
}
interface Kafka {
  readonly topic: string;
}
const KAFKA = token<Kafka>('KAFKA');
const context = {} as ChangeContext;

describe('a decorated class', () => {
  @Change({ id: 'add-column', author: 'orders-team', transactional: false, revision: '2' })
  @TargetSystem('orders-db')
  @Recovery({ strategy: 'ALWAYS_RETRY' })
  class _0012__AddColumn {
    constructor(@Outside() readonly naming: Naming) {}

    @Apply()
    apply(database: Database, context: ChangeContext, @Optional() naming: Naming): unknown {
      return [this.naming, database, context, naming];
    }

    @Rollback()
    async rollback(@Inject(KAFKA) @Outside() kafka: Kafka): Promise<unknown> {
      return kafka;
    }

    @Verify()
    protected async verify(): Promise<Verdict> {
      return 'UNKNOWN';
    }
  }

  const change = declaredBy(_0012__AddColumn);

  test('becomes a change with everything that its decorators say', () => {
    expect(change).toMatchObject({
      id: 'add-column',
      order: '12',
      name: 'AddColumn',
      author: 'orders-team',
      source: 'changes/_0001__X.js',
      targetSystem: 'orders-db',
      recovery: 'ALWAYS_RETRY',
      transactional: false,
      revision: '2',
    });
    expect(Object.isFrozen(change)).toBe(true);
  });

  test('asks for what the types and marks of its parameters stand for', () => {
    expect(change.construction.parameters).toEqual([
      { token: Naming, position: 'constructor parameter 1', outside: true, optional: false },
    ]);
    expect(change.apply.parameters).toEqual([
      { token: Database, position: 'apply() parameter 1', outside: false, optional: false },
      { token: Naming, position: 'apply() parameter 3', outside: false, optional: true },
    ]);
    expect(change.rollback?.parameters).toEqual([
      { token: KAFKA, position: 'rollback() parameter 1', outside: true, optional: false },
    ]);
    expect(change.verify?.parameters).toEqual([]);
  });

  test('is called with what was resolved, and with the context in its place', async () => {
    const [naming, database, other] = [new Naming(), new Database(), new Naming()];
    const instance = change.construction.construct([naming]);
    expect(instance).toBeInstanceOf(_0012__AddColumn);
    expect(change.apply.invoke(instance, [database, other], context)).toEqual([
      naming,
      database,
      context,
      other,
    ]);
    await expect(change.rollback?.invoke(instance, ['kafka'], context)).resolves.toBe('kafka');
    await expect(change.verify?.invoke(instance, [], context)).resolves.toBe('UNKNOWN');
  });

  test('has defaults', () => {
    @Change({ id: 'plain' })
    class _1__Plain {
      @Apply()
      apply(): void {}
    }
    expect(declaredBy(_1__Plain)).toMatchObject({
      author: undefined,
      targetSystem: undefined,
      recovery: 'MANUAL_INTERVENTION',
      transactional: undefined,
      revision: undefined,
      rollback: undefined,
      verify: undefined,
    });
  });

  test('may list what it asks for instead', () => {
    @Change({ id: 'listed', inject: [Naming], outside: [Naming] })
    class _1__Listed {
      constructor(readonly naming: Naming) {}

      @Apply({ inject: [ChangeContext, 'KAFKA', Database], outside: [KAFKA], optional: [Database] })
      apply(context: ChangeContext, kafka: Kafka, database?: Database): unknown {
        return [context, kafka, database];
      }
    }
    const listed = declaredBy(_1__Listed);
    expect(listed.construction.parameters).toMatchObject([{ token: Naming, outside: true }]);
    expect(listed.apply.parameters).toEqual([
      { token: 'KAFKA', position: 'apply() parameter 2', outside: true, optional: false },
      { token: Database, position: 'apply() parameter 3', outside: false, optional: true },
    ]);
    expect(listed.apply.invoke(listed.construction.construct([1]), [2, 3], context)).toEqual([context, 2, 3]);
  });

  test('may keep its marked methods wrapped by other decorators', () => {
    const calls: string[] = [];
    function Traced(): MethodDecorator {
      return (_prototype, name, descriptor: PropertyDescriptor) => {
        const wrapped = descriptor.value as (...args: unknown[]) => unknown;
        descriptor.value = function (...args: unknown[]) {
          calls.push(String(name));
          return Reflect.apply(wrapped, this, args);
        };
      };
    }
    @Change({ id: 'traced' })
    class _1__Traced {
      @Traced()
      @Apply()
      apply(database: Database): unknown {
        return database;
      }
    }
    const { apply } = declaredBy(_1__Traced);
    expect(apply.parameters).toMatchObject([{ token: Database }]);
    expect(apply.invoke(new _1__Traced(), ['db'], context)).toBe('db');
    expect(calls).toEqual(['apply']);
  });
});

describe('inheritance', () => {
  @Change({ id: 'base' })
  @TargetSystem('orders-db')
  class Base {
    constructor(readonly naming: Naming) {}

    @Apply()
    apply(database: Database): string {
      return `base ${database.kind}`;
    }

    @Rollback()
    rollback(): string {
      return 'base';
    }
  }

  test('decorated methods and the constructor of a base class count', () => {
    @Change({ id: 'derived' })
    class _1__Derived extends Base {}
    const change = declaredBy(_1__Derived);
    expect(change.construction.parameters).toMatchObject([{ token: Naming }]);
    expect(change.apply.parameters).toMatchObject([{ token: Database }]);
    expect(change.apply.invoke(change.construction.construct([]), [new Database()], context)).toBe(
      'base database',
    );
  });

  test('a constructor of its own replaces that of the base class', () => {
    @Change({ id: 'derived' })
    class _1__Derived extends Base {
      constructor() {
        super(new Naming());
      }
    }
    expect(declaredBy(_1__Derived).construction.parameters).toEqual([]);
  });

  test('an override keeps the mark and its parameters, or has its own', () => {
    @Change({ id: 'derived' })
    class _1__Derived extends Base {
      override apply(database: Database): string {
        return `derived ${database.kind}`;
      }

      @Rollback()
      override rollback(naming?: Naming): string {
        return `derived ${naming?.rule ?? 'no'} names`;
      }
    }
    const change = declaredBy(_1__Derived);
    const instance = change.construction.construct([]);
    expect(change.apply.parameters).toMatchObject([{ token: Database }]);
    expect(change.apply.invoke(instance, [new Database()], context)).toBe('derived database');
    expect(change.rollback?.parameters).toMatchObject([{ token: Naming }]);
    expect(change.rollback?.invoke(instance, [new Naming()], context)).toBe('derived snake names');
  });

  test('what a class is, it does not hand on', () => {
    @Change({ id: 'derived' })
    class _1__Derived extends Base {}
    expect(declaredBy(_1__Derived).targetSystem).toBeUndefined();
  });
});

describe('order and name', () => {
  class Applied {
    @Apply()
    apply(): void {}
  }

  test.each([[7], [7n], ['0007']])('the option order takes %p', (order) => {
    @Change({ id: 'x', order })
    class Minified extends Applied {}
    expect(declaredBy(Minified)).toMatchObject({ order: '7', name: 'Minified' });
  });

  test('an order may be longer than a safe integer', () => {
    @Change({ id: 'x', order: '20251231235959123456' })
    class _20251231235959123456__Long extends Applied {}
    expect(declaredBy(_20251231235959123456__Long).order).toBe('20251231235959123456');
  });

  test('the file name counts where the class has no prefix', () => {
    @Change({ id: 'x' })
    class AddColumn extends Applied {}
    expect(read(AddColumn, { order: '3', name: 'Other' }).change).toMatchObject({
      order: '3',
      name: 'Other',
    });
  });

  test('without any it is no change', () => {
    @Change({ id: 'x' })
    class AddColumn extends Applied {}
    expect(wrong(AddColumn)).toEqual([
      expect.stringMatching(
        /^FLG_CHANGE_NAME: changes\/_0001__X.js: the change has no order[^]*_0001__AddColumn/,
      ),
    ]);
  });

  test('file, class and option must agree, and every disagreement is told', () => {
    @Change({ id: 'x', order: 3 })
    class _0002__DropColumn extends Applied {}
    expect(wrong(_0002__DropColumn, { order: '1', name: 'AddColumn' })).toEqual([
      expect.stringContaining('the file name says order 1, but the class _0002__DropColumn says 2'),
      expect.stringContaining('the file name says order 1, but the option `order` says 3'),
      expect.stringContaining(
        'the file name says name AddColumn, but the class _0002__DropColumn says DropColumn',
      ),
    ]);
    expect(read(_0002__DropColumn).problems.map(({ code }) => code)).toEqual(['FLG_CHANGE_MISMATCH']);
  });

  test.each([[-1], [1.5], [NaN], [2 ** 53], ['1a'], [''], [{} as never]])(
    'the option order refuses %p',
    (order) => {
      @Change({ id: 'x', order })
      class AddColumn extends Applied {}
      expect(wrong(AddColumn)).toEqual([expect.stringMatching(/FLG_CHANGE_INVALID.*`order`/)]);
    },
  );
});

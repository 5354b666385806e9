import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import type { Change as ChangeModel, Verdict } from './change.js';
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
import { readClass } from './read-class.js';
import type { ChangeClass } from './read-class.js';
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

function read(type: ChangeClass, file?: { order: string; name: string }) {
  return readClass(type, { source: 'changes/_0001__X.js', ...(file && { file }) });
}

function changeOf(type: ChangeClass): ChangeModel {
  const { change, problems } = read(type);
  expect(problems).toEqual([]);
  if (change === undefined) throw new Error('no change');
  return change;
}

/** Code, message and hint of everything that is wrong. */
function wrong(type: ChangeClass, file?: { order: string; name: string }): readonly string[] {
  const { change, problems } = read(type, file);
  expect(change).toBeUndefined();
  return problems.map((problem) => problem.message);
}

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

  const change = changeOf(_0012__AddColumn);

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
    expect(changeOf(_1__Plain)).toMatchObject({
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
    const listed = changeOf(_1__Listed);
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
    const { apply } = changeOf(_1__Traced);
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
    const change = changeOf(_1__Derived);
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
    expect(changeOf(_1__Derived).construction.parameters).toEqual([]);
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
    const change = changeOf(_1__Derived);
    const instance = change.construction.construct([]);
    expect(change.apply.parameters).toMatchObject([{ token: Database }]);
    expect(change.apply.invoke(instance, [new Database()], context)).toBe('derived database');
    expect(change.rollback?.parameters).toMatchObject([{ token: Naming }]);
    expect(change.rollback?.invoke(instance, [new Naming()], context)).toBe('derived snake names');
  });

  test('what a class is, it does not hand on', () => {
    @Change({ id: 'derived' })
    class _1__Derived extends Base {}
    expect(changeOf(_1__Derived).targetSystem).toBeUndefined();
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
    expect(changeOf(Minified)).toMatchObject({ order: '7', name: 'Minified' });
  });

  test('an order may be longer than a safe integer', () => {
    @Change({ id: 'x', order: '20251231235959123456' })
    class _20251231235959123456__Long extends Applied {}
    expect(changeOf(_20251231235959123456__Long).order).toBe('20251231235959123456');
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

describe('attributes that cannot be used', () => {
  test.each([[''], [' x'], ['x\n'], ['a\u0000b'], ['a\ud800'], [5 as never], [null as never]])(
    'the id %p',
    (id) => {
      @Change({ id })
      class _1__X {
        @Apply()
        apply(): void {}
      }
      expect(wrong(_1__X)).toEqual([expect.stringMatching(/FLG_CHANGE_INVALID: changes\/_0001__X.js: `id`/)]);
    },
  );

  test('are told all together, with every unknown key', () => {
    const options = { author: '', transactional: 'yes', recovery: 'ALWAYS_RETYR', autor: 'me' } as never;
    @Change(options)
    @TargetSystem('')
    class _1__X {}
    expect(wrong(_1__X)).toEqual([
      expect.stringMatching(
        /FLG_OPTION_UNKNOWN.*@Change\(\) does not know the option 'autor'[^]*Did you mean 'author'/,
      ),
      expect.stringContaining('has no id'),
      expect.stringContaining('`transactional`'),
      expect.stringContaining('`author`'),
      expect.stringContaining('`targetSystem`'),
      expect.stringMatching(/recovery strategy 'ALWAYS_RETYR'[^]*Did you mean 'ALWAYS_RETRY'/),
      expect.stringContaining('class _1__X has no method with @Apply()'),
    ]);
  });

  test('a recovery strategy that is given twice', () => {
    @Change({ id: 'x', recovery: 'ALWAYS_RETRY' })
    @Recovery({ strategy: 'MANUAL_INTERVENTION' })
    class _1__X {
      @Apply()
      apply(): void {}
    }
    expect(wrong(_1__X)).toEqual([expect.stringContaining('given twice')]);
  });
});

describe('methods that cannot be used', () => {
  test('two that apply', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply()
      apply(): void {}

      @Apply()
      again(): void {}
    }
    expect(wrong(_1__X)).toEqual([expect.stringContaining('more than one @Apply(): apply() and again()')]);
  });

  test('a generator, which would do nothing', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply()
      async *apply(): AsyncGenerator {}
    }
    expect(wrong(_1__X)).toEqual([expect.stringContaining('apply() is a generator')]);
  });

  test('unknown options', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply({ injects: [Database] } as never)
      apply(): void {}
    }
    expect(wrong(_1__X)).toEqual([
      expect.stringMatching(/FLG_OPTION_UNKNOWN.*@Apply\(\) of apply\(\)[^]*Did you mean 'inject'/),
    ]);
  });

  test('static methods and fields are refused where they are marked', () => {
    const mark: LegacyMark = Apply();
    class Wrong {
      static apply(): void {}
      get reading(): unknown {
        throw new Error('read');
      }
    }
    expect(() => mark(Wrong, 'apply', {})).toThrow(/FLG_CHANGE_INVALID: @Apply\(\) cannot mark 'apply'/);
    expect(() => mark(Wrong.prototype, 'field', {})).toThrow(/cannot mark 'field'/);
    expect(() => mark(Wrong.prototype, 'reading', {})).toThrow(/cannot mark 'reading'/);
  });
});

describe('parameters that cannot be told', () => {
  test('types that leave no class behind, with their position', () => {
    @Change({ id: 'x' })
    class _1__X {
      constructor(readonly naming: Kafka) {}

      @Apply()
      apply(_database: Database, _kafka: Kafka, _text: string, _either: Database | Naming): void {}
    }
    const problems = wrong(_1__X);
    expect(problems).toHaveLength(4);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/FLG_PARAMETER_UNKNOWN: .*constructor parameter 1 .* Object/),
        expect.stringMatching(/FLG_PARAMETER_UNKNOWN: .*apply\(\) parameter 2 .* Object[^]*@Inject\(token\)/),
        expect.stringMatching(/FLG_PARAMETER_UNKNOWN: .*apply\(\) parameter 3 .* String/),
        expect.stringMatching(/FLG_PARAMETER_UNKNOWN: .*apply\(\) parameter 4 .* Object/),
      ]),
    );
  });

  test('a token that is undefined, as a circular import leaves it', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply({ inject: [undefined as never] })
      apply(_database: Database): void {}

      @Rollback()
      rollback(@Inject(undefined as never) _database: Database): void {}
    }
    expect(wrong(_1__X)).toEqual([
      expect.stringMatching(/apply\(\) parameter 1 .* undefined[^]*circular import/),
      expect.stringMatching(/rollback\(\) parameter 1 .* undefined/),
    ]);
  });

  test('a build without metadata, once for each method and naming the ways out', () => {
    class _1__X {
      constructor(readonly database: Database) {}
      apply(_database: Database, _naming: Naming): void {}
      rollback(_database: Database): void {}
      verify(): Verdict {
        return 'UNKNOWN';
      }
    }
    decorate(_1__X, { apply: Apply(), rollback: Rollback({ inject: [Database] }), verify: Verify() });
    Change({ id: 'x' })(_1__X);
    const problems = wrong(_1__X);
    expect(problems).toHaveLength(2);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /FLG_METADATA_MISSING: changes\/_0001__X.js: .*constructor[^]*@Change\(\{ inject/,
        ),
        expect.stringMatching(
          /FLG_METADATA_MISSING: .*class _1__X .*apply\(\)[^]*@Apply\(\{ inject[^]*emitDecoratorMetadata/,
        ),
      ]),
    );
  });

  test('@Inject on every parameter needs no metadata', () => {
    class _1__X {
      apply(_database: Database): void {}
    }
    Inject('DATABASE')(_1__X.prototype, 'apply', 0);
    decorate(_1__X, { apply: Apply() });
    Change({ id: 'x' })(_1__X);
    expect(changeOf(_1__X).apply.parameters).toMatchObject([{ token: 'DATABASE' }]);
  });

  test('a list that is too short, is none, or names something else', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply({ inject: [Database] as Array<typeof Database> })
      apply(_database: Database, _naming: Naming): void {}

      @Rollback({ outside: [Naming] })
      rollback(_database: Database): void {}

      @Verify({ optional: Database as never })
      verify(_database: Database): Verdict {
        return 'UNKNOWN';
      }
    }
    expect(wrong(_1__X)).toEqual([
      expect.stringMatching(/FLG_CHANGE_INVALID: .*apply\(\) has 2 parameters, but `inject` names 1/),
      expect.stringMatching(/FLG_CHANGE_INVALID: .*`outside` of rollback\(\) lists Naming/),
      expect.stringMatching(/FLG_CHANGE_INVALID: .*`optional` of verify\(\) is no list/),
    ]);
  });

  test('the context in a constructor, which has no run yet', () => {
    @Change({ id: 'x' })
    class _1__X {
      constructor(readonly context: ChangeContext) {}

      @Apply()
      apply(): void {}
    }
    expect(wrong(_1__X)).toEqual([expect.stringContaining('the constructor asks for the ChangeContext')]);
  });

  test('the injection marks of another library, which would be ignored', () => {
    @Change({ id: 'x' })
    class _1__X {
      @Apply()
      apply(_database: Database): void {}
    }
    Reflect.defineMetadata('self:paramtypes', [{ index: 0, param: 'AUDIT' }], _1__X.prototype);
    expect(wrong(_1__X)).toEqual([
      expect.stringMatching(/FLG_CHANGE_INVALID.*another library[^]*@flamingock\/core/),
    ]);
  });
});

type LegacyMark = (owner: object, name: string, descriptor: PropertyDescriptor) => void;

/** What a compiler makes of decorators that it emits without metadata. */
function decorate(type: ChangeClass, methods: Record<string, LegacyMark>): void {
  const prototype = type.prototype as object;
  for (const [name, mark] of Object.entries(methods)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (descriptor) mark(prototype, name, descriptor);
  }
}

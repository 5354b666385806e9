import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { declaredBy, wrong } from '../../test/read-decorated.js';
import type { Verdict } from './change.js';
import { ChangeContext } from './change-context.js';
import { Apply, Change, Inject, Recovery, Rollback, TargetSystem, Verify } from './decorators.js';
import type { ChangeClass } from './read-class.js';

class Database {
  readonly kind = 'database';
}
class Naming {
  readonly rule = 'snake';
}
interface Kafka {
  readonly topic: string;
}

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
      expect.stringContaining('`author`'),
      expect.stringContaining('`targetSystem`'),
      expect.stringContaining('`transactional`'),
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
    expect(declaredBy(_1__X).apply.parameters).toMatchObject([{ token: 'DATABASE' }]);
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

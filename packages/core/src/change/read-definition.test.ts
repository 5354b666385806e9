import { describe, expect, test } from '@jest/globals';
import { ChangeContext } from './change-context.js';
import { defineChange } from './define-change.js';
import type { DefinedChange } from './define-change.js';
import { readDefinition } from './read-definition.js';
import { token } from './token.js';

class Registry {
  readonly kind = 'registry';
}
const KAFKA = token<{ readonly topic: string }>('KAFKA');
const apply = (): void => undefined;

function read(defined: DefinedChange, file?: { order: string; name: string }) {
  return readDefinition(defined, { source: 'changes/_0002__X.js', ...(file && { file }) });
}

/** A definition as a build without type checking lets it pass. */
function wrong(definition: object, file?: { order: string; name: string }): readonly string[] {
  const { change, problems } = read(defineChange(definition as never), file);
  expect(change).toBeUndefined();
  return problems.map((problem) => problem.message);
}

describe('a definition', () => {
  const file = { order: '2', name: 'RegisterOrderEventV2' };

  test('becomes a change that takes order and name from its file', () => {
    const { change, problems } = read(
      defineChange({
        id: 'register',
        author: 'orders-team',
        targetSystem: 'schema-registry',
        recovery: 'ALWAYS_RETRY',
        transactional: false,
        revision: '1',
        apply,
      }),
      file,
    );
    expect(problems).toEqual([]);
    expect(change).toMatchObject({
      id: 'register',
      order: '2',
      name: 'RegisterOrderEventV2',
      author: 'orders-team',
      source: 'changes/_0002__X.js',
      targetSystem: 'schema-registry',
      recovery: 'ALWAYS_RETRY',
      transactional: false,
      revision: '1',
      construction: { parameters: [] },
      apply: { parameters: [] },
      rollback: undefined,
      verify: undefined,
    });
    expect(Object.isFrozen(change)).toBe(true);
  });

  test('asks for what it injects, in each of its methods, and is called with it by name', async () => {
    const context = {} as ChangeContext;
    const { change } = read(
      defineChange({
        id: 'register',
        inject: { registry: Registry, kafka: KAFKA },
        outside: ['kafka'],
        optional: ['registry'],
        apply(clients, given) {
          return [this.id, clients, given === context];
        },
        rollback: async ({ kafka }) => kafka,
        verify: async ({ registry }) => (registry === undefined ? 'UNKNOWN' : 'APPLIED'),
      }),
      file,
    );
    const parameters = [
      { token: Registry, position: 'inject.registry', outside: false, optional: true },
      { token: KAFKA, position: 'inject.kafka', outside: true, optional: false },
    ];
    expect(change?.apply.parameters).toEqual(parameters);
    expect(change?.rollback?.parameters).toEqual(parameters);
    expect(change?.verify?.parameters).toEqual(parameters);

    const instance = change?.construction.construct([]);
    expect(change?.apply.invoke(instance, ['r', 'k'], context)).toEqual([
      'register',
      { registry: 'r', kafka: 'k' },
      true,
    ]);
    await expect(change?.rollback?.invoke(instance, ['r', 'k'], context)).resolves.toBe('k');
    await expect(change?.verify?.invoke(instance, [undefined, 'k'], context)).resolves.toBe('UNKNOWN');
  });

  test.each([
    [{ order: 2, name: 'RegisterOrderEventV2' }],
    [{ name: '_0002__RegisterOrderEventV2' }],
    [{ name: '_0002__RegisterOrderEventV2', order: '02' }],
  ])('says its place itself where it has no file: %p', (place) => {
    expect(read(defineChange({ id: 'x', ...place, apply })).change).toMatchObject(file);
  });
});

describe('a definition that cannot be used', () => {
  test('has neither order nor name', () => {
    expect(wrong({ id: 'x', apply })).toEqual([
      expect.stringMatching(/FLG_CHANGE_NAME: changes\/_0002__X.js: the change has no order/),
      expect.stringMatching(/FLG_CHANGE_NAME: changes\/_0002__X.js: the change has no name/),
    ]);
  });

  test('disagrees with its file', () => {
    const messages = wrong({ id: 'x', name: 'Other', order: 3, apply }, { order: '2', name: 'X' });
    expect(messages).toEqual([
      expect.stringMatching(/FLG_CHANGE_MISMATCH.*the file name says order 2, but the option `order` says 3/),
      expect.stringMatching(
        /FLG_CHANGE_MISMATCH.*the file name says name X, but the option `name` says Other/,
      ),
    ]);
  });

  test('names what it asks for', () => {
    expect(wrong({ id: 'x', name: '_0001__X', inject: [String], apply: () => undefined })).toEqual([
      expect.stringContaining('`inject` must be an object'),
    ]);
  });

  test('is told everything at once', () => {
    const messages = wrong({
      id: ' ',
      name: '_1__X',
      injct: {},
      inject: { registry: undefined, text: String, context: ChangeContext },
      outside: ['kafka'],
      optional: 'registry',
      rollback: 'no',
      async *verify() {},
    });
    expect(messages).toEqual([
      expect.stringMatching(
        /FLG_OPTION_UNKNOWN: changes\/_0002__X.js: defineChange\(\).*'injct'[^]*'inject'/,
      ),
      expect.stringContaining('`id`'),
      expect.stringContaining('the definition has no `apply`'),
      expect.stringMatching(
        /`outside` lists something that `inject` does not have[^]*registry, text, context/,
      ),
      expect.stringContaining('`optional` lists'),
      expect.stringMatching(/FLG_PARAMETER_UNKNOWN: .*inject.registry .* undefined/),
      expect.stringMatching(/FLG_PARAMETER_UNKNOWN: .*inject.text .* String/),
      expect.stringContaining('inject.context asks for the ChangeContext'),
      expect.stringContaining('`rollback` is no function'),
      expect.stringContaining('verify() is a generator'),
    ]);
  });
});

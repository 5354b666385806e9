import { describe, expect, test } from '@jest/globals';
import { Apply, Change } from '../change/decorators.js';
import { defineChange } from '../change/define-change.js';
import { discover } from './discover.js';

@Change({ id: 'class' })
class _0010__Class {
  @Apply()
  apply(): void {}
}

const apply = (): void => undefined;
const definition = defineChange({ id: 'definition', name: '_0009__Definition', apply });

test('a list holds classes and definitions, in any order', async () => {
  const { changes, problems } = await discover([_0010__Class, definition], String);
  expect(problems).toEqual([]);
  expect(changes.map(({ order, source }) => [order, source])).toEqual([
    ['9', "defineChange('definition')"],
    ['10', '_0010__Class'],
  ]);
});

test('everything else in a list is refused with its index', async () => {
  class Undecorated {
    readonly kind = 'class';
  }
  class Derived extends _0010__Class {}
  const list = [definition, Undecorated, Derived, { id: 'x', apply }, undefined];
  const { problems } = await discover(list as never, String);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /FLG_CHANGE_INVALID: changes\[1\] is \[class Undecorated\], which declares no change/,
    ),
    expect.stringMatching(/FLG_CHANGE_INVALID: changes\[2\] is \[class Derived/),
    expect.stringMatching(/FLG_CHANGE_INVALID: changes\[3\] is \[Object\]/),
    expect.stringMatching(/FLG_CHANGE_INVALID: changes\[4\] is undefined/),
  ]);
});

test('an empty list is refused', async () => {
  const { problems } = await discover([], String);
  expect(problems.map(({ code }) => code)).toEqual(['FLG_DIRECTORY_EMPTY']);
});

test('the same change twice in a list is refused', async () => {
  const { problems } = await discover([definition, definition], String);
  expect(problems.map(({ code }) => code)).toEqual(['FLG_CHANGE_ID_DUPLICATE', 'FLG_CHANGE_ORDER_DUPLICATE']);
});

describe('a group', () => {
  const scope = { of: 'the orders' };
  const apart = defineChange({ id: 'apart', name: '_0011__Apart', apply });

  test('contributes to the one sequence, and its changes know where they come from', async () => {
    const { changes, problems } = await discover(
      [_0010__Class, { scope, changes: [{ changes: [definition], scope: 'inner' }, { changes: [apart] }] }],
      String,
    );
    expect(problems).toEqual([]);
    expect(changes.map((change) => [change.order, change.scope])).toEqual([
      ['9', 'inner'],
      ['10', undefined],
      ['11', scope],
    ]);
  });

  test('shares orders and ids with all others', async () => {
    const { problems } = await discover([definition, { changes: [definition] }], String);
    expect(problems.map(({ code }) => code)).toEqual([
      'FLG_CHANGE_ID_DUPLICATE',
      'FLG_CHANGE_ORDER_DUPLICATE',
    ]);
  });

  test('does not hide what is wrong beside it', async () => {
    const list = [
      { changes: [] },
      { changes: [undefined], scop: scope },
      { changes: { directory: 'relative' } },
      { changes: 7 },
    ];
    const { problems } = await discover(list as never, String);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/FLG_DIRECTORY_EMPTY: .*changes\[0\]\.changes/),
      expect.stringMatching(
        /FLG_OPTION_UNKNOWN: changes\[1\] does not know the option 'scop'\.\n {2}-> Did you mean 'scope'/,
      ),
      expect.stringMatching(/FLG_CHANGE_INVALID: changes\[1\]\.changes\[0\] is undefined/),
      expect.stringMatching(/FLG_DIRECTORY_RELATIVE/),
      expect.stringMatching(/FLG_OPTION_INVALID: The directory of changes is 7/),
    ]);
  });
});

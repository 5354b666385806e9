import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { counting, undoing, world } from '../../test/counting.js';
import { asking, instance } from '../../test/instance.js';
import type { Change } from '../change/change.js';
import type { UndoOptions } from '../operations.js';

describe('what is refused before anything is rolled back', () => {
  const changes = [counting('_0001__a'), counting('_0002__b'), counting('_0003__c')];
  const refusal = async (
    sequence: readonly Change[],
    what: Partial<UndoOptions>,
    applied: readonly Change[] = changes,
  ): Promise<{ code: string; message: string; values: unknown }> => {
    const { values, parts } = world('separate', applied);
    await instance(parts)
      .start()
      .catch(() => undefined);
    const error = (await undoing(instance({ ...parts, changes: sequence }), what).catch(
      (reason: unknown) => reason,
    )) as { code: string; message: string };
    return { code: error.code, message: error.message, values: [...values.contents().values.values()] };
  };

  test('changes without a rollback, all of them', async () => {
    const { rollback: _none, ...bare } = counting('_0002__b');
    const sequence = [
      changes[0],
      { ...bare, rollback: undefined },
      counting('_0003__c', { rollback: undefined }),
    ];
    const { code, message, values } = await refusal(sequence as Change[], { downTo: 'a' });
    expect(code).toBe('FLG_SEVERAL_PROBLEMS');
    expect(message).toMatch(/_0003__c.*no rollback[^]*_0002__b.*no rollback/);
    expect(values).toEqual([1, 1, 1]);
  });

  test.each<[string, Partial<UndoOptions>, readonly Change[], string]>([
    ['an unknown id', { downTo: 'nope' }, changes, 'FLG_UNDO_REFUSED'],
    ['a release that does not know the last one', { last: true }, changes.slice(0, 2), 'FLG_UNDO_REFUSED'],
    ['neither last nor downTo', {}, changes, 'FLG_OPTION_INVALID'],
    ['both', { last: true, downTo: 'a' } as never, changes, 'FLG_OPTION_INVALID'],
    ['no reason', { last: true, reason: ' ' }, changes, 'FLG_OPTION_INVALID'],
    ['an unknown option', { last: true, force: true } as never, changes, 'FLG_OPTION_UNKNOWN'],
    ['others than the person was shown', { last: true, expected: ['b'] }, changes, 'FLG_UNDO_REFUSED'],
  ])('%s', async (_what, options, sequence, code) => {
    expect(await refusal(sequence, options)).toMatchObject({ code, values: [1, 1, 1] });
  });

  test('a change that is not applied', async () => {
    expect(await refusal(changes, { downTo: 'c' }, changes.slice(0, 2))).toMatchObject({
      code: 'FLG_UNDO_REFUSED',
    });
  });

  test('while the outcome of another one is not known', async () => {
    const broken = changeOf('_0004__d', {
      apply: asking([], () => Promise.reject(new Error('who knows'))),
      transactional: false,
      targetSystem: 'db',
    });
    const { code, values } = await refusal([...changes, broken], { last: true }, [...changes, broken]);
    expect({ code, values }).toEqual({ code: 'FLG_UNDO_REFUSED', values: [1, 1, 1] });
    const itself = await refusal([...changes, broken], { downTo: 'd' }, [...changes, broken]);
    expect(itself.message).toMatch(/The outcome of .*_0004__d.* is not known/);
    expect(itself.message).not.toContain('is not applied');
  });

  test('where nothing is applied', async () => {
    const { parts } = world('separate', changes);
    await expect(undoing(instance(parts))).rejects.toMatchObject({ code: 'FLG_UNDO_REFUSED' });
  });
});

test('a pending change below an applied one is no obstacle: the undo is the way out', async () => {
  const [a, c] = [counting('_0001__a'), counting('_0003__c')];
  const { parts } = world('separate', [a, c]);
  await instance(parts).start();
  const changes = [a, counting('_0002__b'), c];
  await expect(instance({ ...parts, changes }).start()).rejects.toMatchObject({ code: 'FLG_OUT_OF_ORDER' });
  await undoing(instance({ ...parts, changes }), { last: true });
  const command = instance({ ...parts, changes, by: 'cli' });
  await expect(command.start()).resolves.toMatchObject({ applied: [{ id: 'b' }, { id: 'c' }] });
});

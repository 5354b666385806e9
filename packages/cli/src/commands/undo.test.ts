import { expect, test } from '@jest/globals';
import type { Plan, UndoOptions } from '@flamingock/core';
import type { Frame, Invocation } from '../frame/frame.js';
import { undoCommand } from './undo.js';

type Work = (invocation: Invocation<object>) => Promise<unknown>;

/** The command, on a sequence that stands so. */
function undoing(...actions: readonly Plan['steps'][number]['action'][]): {
  readonly run: (downTo: string) => Promise<unknown>;
  readonly asked: UndoOptions[];
} {
  const asked: UndoOptions[] = [];
  const steps = actions.map((action, index) => {
    const order = String(index + 1);
    const change = { id: order, order, name: 'Change', targetSystem: 'db' };
    return { change, action, latest: { kind: 'execution' } };
  });
  const flamingock = {
    plan: () => Promise.resolve({ steps }),
    undo: (options: UndoOptions) => {
      asked.push(options);
      return Promise.reject(new Error('the engine refuses'));
    },
  };
  let work: Work | undefined;
  const frame = {
    action: (_name: string, given: Work) => {
      work = given;
    },
  };
  undoCommand(frame as unknown as Frame);
  const run = async (downTo: string): Promise<unknown> =>
    work?.({
      options: { downTo, confirm: 'test', actor: 'jane', reason: 'the test says so' },
      output: { note: () => undefined },
      interactive: false,
      engine: () => Promise.resolve({ flamingock, options: { environment: 'test' } }),
    } as unknown as Invocation<object>);
  return { run, asked };
}

test('what is known of a change whose outcome is not, the engine says', async () => {
  const { run, asked } = undoing('skip', 'settle');
  await expect(run('2')).rejects.toThrow('the engine refuses');
  expect(asked).toMatchObject([{ downTo: '2' }]);
});

test.each(['apply', 'held', 'restricted'] as const)(
  'a change that is not applied is refused before anything is asked: %s',
  async (action) => {
    const { run, asked } = undoing('skip', action);
    await expect(run('2')).rejects.toThrow(/^FLG_UNDO_REFUSED: The change '2' is not applied/);
    expect(asked).toEqual([]);
  },
);

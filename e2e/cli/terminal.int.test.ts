import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CTRL_C, DOWN, ENTER } from './command-line.js';
import { describeOnDatabases } from './databases.js';
import type { Systems } from './systems.js';

const LONG = 90_000;

await describeOnDatabases('On a terminal', (open) => {
  let systems: Systems;
  beforeEach(async () => {
    systems = await open();
  });
  afterEach(() => systems.sandbox.close());

  test(
    'apply shows the change that runs, with what is done, how fast and what is left',
    async () => {
      const { code, screen } = await systems.commandLine.with({ INCIDENT: 'slow' }).terminal(['apply'], []);
      expect(code).toBe(0);
      expect(screen).toMatch(
        /_0002__RegisterOrderEvent {2}\d+ m?s {2}\d+ of 20 \(\d+ %\), \d+\/s, \d+ m?s left/,
      );
      expect(screen).toContain('applied _0003__AddTotals');
    },
    LONG,
  );

  test(
    'Ctrl-C lets the change of apply finish',
    async () => {
      const { code, screen } = await systems.commandLine
        .with({ INCIDENT: 'slow' })
        .terminal(['apply'], [{ expect: '3 of 20', send: CTRL_C }]);
      expect(code).toBe(130);
      expect(screen).toContain('stopping: the current change may finish');
      expect(await systems.commandLine.json('status')).toMatchObject({ counts: { applied: 2 } });
    },
    LONG,
  );

  test(
    'issue resolve is guided, and can be left',
    async () => {
      const { commandLine } = systems;
      await commandLine.with({ INCIDENT: 'fails' }).run('apply');
      const resolve = ['issue', 'resolve', 'register-order-event'];
      const left = await commandLine.terminal(resolve, [
        { expect: "What does 'registry' hold", send: CTRL_C },
      ]);
      expect(left.code).toBe(3);
      const { code, screen } = await commandLine.terminal(resolve, [
        { expect: "What does 'registry' hold", send: DOWN + DOWN + ENTER },
        { expect: 'no verify that could be asked[\\s\\S]*What does', send: ENTER },
        { expect: 'Who are you', send: `jane${ENTER}` },
        { expect: 'Why', send: `the line is there${ENTER}` },
      ]);
      expect(code).toBe(0);
      expect(screen).toContain('why nothing proves it');
      expect(screen).toContain('recorded: _0002__RegisterOrderEvent is APPLIED');
      const { entries } = await commandLine.json('audit', 'list', '--actor', 'jane');
      expect(entries).toEqual([expect.objectContaining({ reason: 'the line is there' })]);
    },
    LONG,
  );

  test(
    'undo asks for the name of the environment, and does nothing for another one',
    async () => {
      const { commandLine } = systems;
      await commandLine.run('apply');
      const person = ['--actor', 'jane', '--reason', 'taken back'];
      const wrong = await commandLine.terminal(
        ['undo', '--last', ...person],
        [{ expect: 'Type the name of the environment', send: `staging${ENTER}` }],
      );
      expect(wrong.code).toBe(3);
      expect(await commandLine.json('status')).toMatchObject({ counts: { applied: 3 } });
      const { code } = await commandLine.terminal(
        ['undo', '--last', ...person],
        [{ expect: 'Type the name of the environment', send: `production${ENTER}` }],
      );
      expect(code).toBe(0);
      expect(await commandLine.json('status')).toMatchObject({ counts: { applied: 2, held: 1 } });
    },
    LONG,
  );
});

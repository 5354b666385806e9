import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ENTER } from './command-line.js';
import { describeOnDatabases } from './databases.js';
import { recordedScreens, timeless } from './screens.js';
import type { Systems } from './systems.js';

const LONG = 90_000;
/** The screens of the story, in order. */
const SCREENS = recordedScreens(/^\d\d:\d\d /);

await describeOnDatabases('A night', (open) => {
  let systems: Systems;
  beforeAll(async () => {
    systems = await open();
  });
  afterAll(() => systems.sandbox.close());

  const shown = (screen: string, index: number): void => {
    expect(timeless(screen)).toBe(timeless(SCREENS[index] ?? ''));
  };

  test(
    'a change dies in the middle, and the application refuses to start',
    async () => {
      const killed = await systems.commandLine.with({ INCIDENT: 'killed' }).run('apply');
      expect(killed.code).toBe(null);
      // Until its lease is over nobody knows that it is dead.
      for (;;) {
        const { lock } = await systems.commandLine.json('lock', 'show');
        if ((lock as { readonly held: boolean }).held)
          await new Promise((resolve) => setTimeout(resolve, 100));
        else break;
      }
      const refused = await systems.commandLine.run('apply');
      expect(refused.code).toBe(5);
      shown(refused.stderr, 0);
      await expect(systems.startApplication()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
    },
    LONG,
  );

  test(
    'status tells where it stands, and what to type',
    async () => {
      const { stdout } = await systems.commandLine.run('status');
      shown(stdout, 1);
    },
    LONG,
  );

  test(
    'issue show tells what happened, and where to look',
    async () => {
      const { stdout } = await systems.commandLine.run('issue', 'show', 'register-order-event');
      shown(stdout, 2);
      const { issue } = await systems.commandLine.json('issue', 'show', 'register-order-event');
      const { entries } = await systems.commandLine.json('audit', 'list', '--state', 'STARTED');
      const [, started] = entries as readonly { readonly processId: number }[];
      expect(issue).toMatchObject({ processId: started?.processId });
    },
    LONG,
  );

  test(
    'a look at the target, and a word on it',
    async () => {
      expect(systems.registered()).toEqual(['order-events-value']);
      const { code, screen } = await systems.commandLine.terminal(
        ['issue', 'resolve', 'register-order-event'],
        [
          { expect: "What does 'registry' hold", send: ENTER },
          { expect: 'Who are you', send: `jane${ENTER}` },
          { expect: 'Why', send: `the subject is registered, once${ENTER}` },
        ],
      );
      expect(code).toBe(0);
      shown(screen.slice(screen.indexOf('✔ recorded')), 3);
    },
    LONG,
  );

  test(
    'the next start goes on with the change after it, and repeats nothing',
    async () => {
      const { code, stderr } = await systems.commandLine.run('apply');
      expect(code).toBe(0);
      shown(stderr, 4);
      expect(systems.registered()).toEqual(['order-events-value']);
      shown((await systems.commandLine.run('audit', 'list')).stdout, 5);
      await expect(systems.startApplication()).resolves.toMatchObject({ outcome: 'up-to-date', total: 3 });
    },
    LONG,
  );
});

import type { Flamingock } from '../flamingock.js';
import { adopt } from './adopt.js';
import type { EngineContext } from './context.js';
import { CHANGE_DEADLINE_MS, verifyApplied } from './drift.js';
import { issuesOf, withVerdict } from './issues.js';
import { lookAt } from './look.js';
import { redo } from './redo.js';
import { reset } from './reset.js';
import { resolveIssue } from './resolve.js';
import { readNow } from './sequence.js';
import { undo, type UndoParts } from './undo.js';

/** What people do with a ledger and its target systems, apart from runs. */
export type Commands = Pick<
  Flamingock,
  'issues' | 'issue' | 'resolve' | 'undo' | 'redo' | 'adopt' | 'reset' | 'verify'
>;

/** @param find finds the declared sequence; asked by each command, because a wrong one fails the command that needs it */
export function commandsOf(engine: EngineContext, find: () => Promise<UndoParts>): Commands {
  const issues: Commands['issues'] = async () => {
    const { changes } = await find();
    return issuesOf(await readNow(engine, changes), engine.targets);
  };
  return {
    issues,
    issue: async (changeId, { verify = false } = {}) => {
      const issue = (await issues()).find((one) => one.changeId === changeId);
      const { changes, bind } = await find();
      const change = changes.find(({ id }) => id === changeId);
      if (issue === undefined || change?.verify === undefined || !verify) return issue;
      // What another system holds tells nothing of the one where it was interrupted.
      if (issue.targetSystem !== change.targetSystem) return issue;
      const bound = (await bind([change])).get(changeId);
      if (bound === undefined) return issue;
      return withVerdict(issue, await lookAt(engine, bound, issue, { deadlineMs: CHANGE_DEADLINE_MS }));
    },
    resolve: async (changeId, resolution) =>
      resolveIssue(engine, (await find()).changes, changeId, resolution),
    undo: async (options) => undo(engine, await find(), options),
    redo: async (changeId, options) => redo(engine, await find(), changeId, options),
    adopt: async (targetSystem, options) => adopt(engine, (await find()).changes, targetSystem, options),
    reset: async (options) => reset(engine, (await find()).changes, options),
    verify: async (options = {}) => verifyApplied(engine, await find(), options),
  };
}

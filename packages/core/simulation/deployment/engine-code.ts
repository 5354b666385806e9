import { bindChanges } from '../../src/dependencies/bind.js';
import { adopt } from '../../src/engine/adopt.js';
import { redo } from '../../src/engine/redo.js';
import { reset } from '../../src/engine/reset.js';
import { issuesOf } from '../../src/engine/issues.js';
import { resolveIssue } from '../../src/engine/resolve.js';
import { readNow } from '../../src/engine/sequence.js';
import { start } from '../../src/engine/start.js';
import { undo } from '../../src/engine/undo.js';
import { StoreAccess } from '../../src/engine/store-access.js';
import { assignTargets } from '../../src/plan/assign-target.js';
import { declarationOf } from '../../src/plan/declaration.js';
import { Redactor } from '../../src/report/redactor.js';

/** The code under test. The real one, or a copy of it in which one line was replaced. */
export interface EngineCode {
  readonly start: typeof start;
  readonly resolveIssue: typeof resolveIssue;
  readonly undo: typeof undo;
  readonly adopt: typeof adopt;
  readonly redo: typeof redo;
  readonly reset: typeof reset;
  readonly issuesOf: typeof issuesOf;
  readonly readNow: typeof readNow;
  readonly bindChanges: typeof bindChanges;
  readonly assignTargets: typeof assignTargets;
  readonly StoreAccess: typeof StoreAccess;
  readonly declarationOf: typeof declarationOf;
  readonly Redactor: typeof Redactor;
}

export const realEngine: EngineCode = {
  start,
  resolveIssue,
  undo,
  adopt,
  redo,
  reset,
  issuesOf,
  readNow,
  bindChanges,
  assignTargets,
  StoreAccess,
  declarationOf,
  Redactor,
};

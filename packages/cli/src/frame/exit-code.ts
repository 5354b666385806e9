import type { ErrorCode } from '@flamingock/core';

/** What the process ends with; pipelines decide by it. */
export const EXIT = {
  DONE: 0,
  OUR_FAULT: 1,
  COULD_NOT: 2,
  DECLINED: 3,
  PENDING: 4,
  FAILED: 5,
  DRIFT: 6,
  NO_LOCK: 7,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_CODE: Partial<Record<ErrorCode, ExitCode>> = {
  FLG_INTERNAL: EXIT.OUR_FAULT,
  FLG_DECLINED: EXIT.DECLINED,
  FLG_CHANGES_PENDING: EXIT.PENDING,
  FLG_CHANGE_RESERVED: EXIT.PENDING,
  FLG_CHANGE_FAILED: EXIT.FAILED,
  FLG_ISSUE_OPEN: EXIT.FAILED,
  FLG_UNDO_FAILED: EXIT.FAILED,
  FLG_DEADLINE: EXIT.FAILED,
  FLG_CHAIN_BROKEN: EXIT.DRIFT,
  FLG_LEDGER_INCOMPLETE: EXIT.DRIFT,
  FLG_LEDGER_UNREADABLE: EXIT.DRIFT,
  FLG_LOCK_NOT_OBTAINED: EXIT.NO_LOCK,
  FLG_LOCK_LOST: EXIT.NO_LOCK,
};

/** What an error of this software ends the process with: 2 for all that have no meaning of their own. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return BY_CODE[code] ?? EXIT.COULD_NOT;
}

import { inspect } from 'node:util';

/**
 * Every error that this software raises on purpose: its stable code, and what it means.
 * `docs/errors.md` holds the same table for people, and a check keeps the two equal.
 */
export const ERROR_CODES = {
  FLG_SEVERAL_PROBLEMS: 'Several problems were found together; each is listed with its own code.',

  FLG_OPTION_UNKNOWN: 'An option key is not known.',
  FLG_OPTION_INVALID: 'An option is missing or has a value that cannot be used.',

  FLG_DIRECTORY_RELATIVE: 'The directory of changes depends on the working directory.',
  FLG_DIRECTORY_UNREADABLE: 'The directory of changes does not exist or cannot be read.',
  FLG_DIRECTORY_EMPTY: 'The directory or list of changes holds no change.',
  FLG_CHANGE_IMPORT: 'A change file threw while it was imported.',
  FLG_CHANGE_MISSING: 'A change file exports no change, or more than one.',
  FLG_CHANGE_NAME: 'A change has no order: neither a name of the form `_0001__Name` nor the option `order`.',
  FLG_CHANGE_MISMATCH: 'A change file and the class inside it disagree about order or name.',
  FLG_CHANGE_INVALID: 'A change is declared in a way that cannot be executed.',
  FLG_CHANGE_ID_DUPLICATE: 'Two changes have the same id.',
  FLG_CHANGE_ORDER_DUPLICATE: 'Two changes have the same order.',
  FLG_METADATA_MISSING:
    'A decorated change was built without decorator metadata, so its parameters are unknown.',
  FLG_PARAMETER_UNKNOWN: 'The type of a parameter cannot be told at run time.',

  FLG_TARGET_UNKNOWN: 'A change names a target system that is not configured.',
  FLG_TARGET_AMBIGUOUS: 'A change names no target system, and more than one fits it.',
  FLG_TARGET_UNDETERMINED: 'A change names no target system, and none fits it.',
  FLG_DEPENDENCY_UNRESOLVED: 'A parameter of a change cannot be resolved.',
  FLG_DEPENDENCY_UNBOUND:
    'A transactional change asks for a dependency that would act outside its transaction.',
  FLG_DEPENDENCY_SCOPE: 'A change asks for a request-scoped or transient provider that cannot be shared.',
  FLG_DEPENDENCY_CYCLE: 'A change asks for a provider that itself waits for the run.',

  FLG_STORE_UNREACHABLE: 'The audit store could not be reached in time.',
  FLG_STORE_VERSION: 'The tables of the audit store have a version that this release does not know.',
  FLG_STORE_BUSY:
    'The audit store refused a statement for the moment; it is repeated while the lease is held.',
  FLG_STORE_PERMISSION: 'The role of the application lacks a right on the tables of the audit store.',
  FLG_STORE_WRITE: 'An outcome could not be written to the ledger.',
  FLG_STORE_SHARED_CONNECTION:
    'A statement of the engine would have landed inside a transaction that is not its own.',
  FLG_LEDGER_UNREADABLE: 'An entry of the ledger cannot be read: somebody has edited it.',
  FLG_LEDGER_INCOMPLETE:
    'Entries are missing from the ledger: its tail was cut, or something was deleted from its middle.',
  FLG_LEDGER_NEWER: 'The ledger holds an entry of a kind that this release does not know.',
  FLG_SEQUENCE_TAKEN: 'Another instance has written the ledger entry that this one was about to write.',
  FLG_ENVIRONMENT_UNLISTED:
    'The environment has no ledger yet, while the service has one under another name.',

  FLG_CHANGES_LOCK_MISSING: 'There is no changes.lock, the committed file with a line for each change.',
  FLG_CHANGES_LOCK_INVALID: 'changes.lock cannot be read, or says something twice.',
  FLG_CHANGES_LOCK_CONFLICT:
    'Two branches have taken the same place: changes.lock holds an open conflict of Git.',
  FLG_CHANGE_UNLOCKED: 'A change has no line in changes.lock yet.',
  FLG_CHANGE_GONE: 'A change that is in changes.lock is not declared any more.',
  FLG_CHANGE_RENAMED: 'A change that is in changes.lock has another id.',
  FLG_CHANGE_REORDERED: 'A change that is in changes.lock stands at another place.',
  FLG_CHANGE_REVISED: 'A change that is in changes.lock has another checksum or revision.',
  FLG_CHANGE_BELOW_LOCKED: 'A new change stands below one that is in changes.lock.',
  FLG_CHANGE_NOT_RENUMBERED: 'A change could not be given another order without a person.',

  FLG_OUT_OF_ORDER: 'A pending change stands below one that is applied.',
  FLG_CHANGE_UNKNOWN: 'The ledger holds an applied change that the code does not declare.',
  FLG_CHANGE_EDITED: 'An applied change was edited afterwards.',
  FLG_CHANGE_RESERVED: 'The sequence has come to a change that only the command line applies.',
  FLG_CHANGES_PENDING: 'Changes are pending, and this instance does not apply them.',
  FLG_CHANGE_HELD: 'A change was undone on purpose and is held until somebody applies it by command.',
  FLG_TARGET_IDENTITY: 'A target system is not the one that the ledger has recorded.',
  FLG_TARGET_ENVIRONMENT: 'A target system was claimed by the same service under another environment.',
  FLG_TARGET_AHEAD:
    'A target system knows a later run than the ledger: the ledger was restored from a backup.',
  FLG_TARGET_BEHIND: 'A target system is older than its ledger: it was restored from a backup or made anew.',
  FLG_TARGET_PERMISSION: 'The role of the application lacks a right on the fence of a target system.',
  FLG_TARGET_UNREACHABLE: 'A target system could not be claimed, or its connection gives no answer.',

  FLG_CHANGE_FAILED:
    'A change failed; the next start applies it again, because nothing of it remains or its strategy allows it.',
  FLG_ISSUE_OPEN:
    'The outcome of a change has no proof; a person must look at the target system and resolve it.',
  FLG_TRANSACTION_ABORTED: 'A statement of a transactional change failed and the change went on regardless.',
  FLG_TRANSACTION_BROKEN:
    'A transactional change ended the transaction by itself, or another one left its own transaction open.',
  FLG_DEADLINE: 'A change, or the whole run, took longer than its deadline allows.',
  FLG_INSIDE_CHANGE: 'A change called something of its own engine that waits for that very change.',
  FLG_CHECKPOINT_INVALID:
    'A checkpoint was asked for where there is none, or holds something that cannot be kept.',
  FLG_LOCK_LOST: 'This instance lost the lock; it has stopped and written nothing more.',
  FLG_LOCK_NOT_OBTAINED: 'The lock was not obtained in time.',
  FLG_UNDO_REFUSED: 'An undo was refused before anything was rolled back.',
  FLG_UNDO_FAILED: 'A rollback failed, and nothing of it took place: its change is still applied.',
  FLG_ADOPTION_REFUSED: 'The adoption of a target system was refused.',
  FLG_RESOLUTION_REFUSED:
    'A resolution was refused because there is no such open issue, or not the one that the person was shown.',
  FLG_RESET_REFUSED: 'A new epoch was not begun: a target system shows that it was not made anew.',
  FLG_NOT_DISPOSABLE:
    'A command for development was meant for an environment that is not configured as disposable.',
  FLG_LOCK_RELEASE_REFUSED: 'A lock was not released because nobody has it, or not who was shown.',
  FLG_CLOSED: 'The instance was closed.',

  FLG_USAGE: 'The command line was not given what it needs, or something that it does not know.',
  FLG_CONFIG_MISSING: 'No configuration of the command line was found.',
  FLG_CONFIG_INVALID: 'The configuration of the command line could not be loaded or used.',
  FLG_FILE_NOT_WRITTEN: 'A file that a command writes exists already, or could not be written.',
  FLG_SECRET_MISSING: 'An environment variable that the configuration refers to is not set.',
  FLG_APPLICATION_INVALID: 'The module of an application could not be used to build it for the command line.',
  FLG_DECLINED: 'A person said no.',
  FLG_CHAIN_BROKEN: 'The ledger is not what was written: it was edited, cut or rewritten.',

  FLG_INTERNAL:
    'Something failed in a way that this software does not expect: a defect in it or in an adapter.',
} as const satisfies Record<`FLG_${string}`, string>;

/** The stable code of an error. */
export type ErrorCode = keyof typeof ERROR_CODES;

const BRAND = Symbol.for('flamingock.error');

/** What an error is made of. */
export interface FlamingockErrorParts {
  readonly code: ErrorCode;
  /** What is wrong, naming the change and the file where there is one. */
  readonly message: string;
  /** The way out. */
  readonly hint: string;
  readonly cause?: unknown;
  /** Only for `FLG_SEVERAL_PROBLEMS`. */
  readonly problems?: readonly FlamingockError[];
}

/**
 * The one error class. Know it by its `code` or by `isFlamingockError`: two copies of this package may be
 * loaded side by side (one per module format), and `instanceof` does not hold across them.
 */
export class FlamingockError extends Error {
  override readonly name = 'FlamingockError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly problems: readonly FlamingockError[];

  constructor(parts: FlamingockErrorParts) {
    super(
      `${parts.code}: ${parts.message}\n  -> ${parts.hint}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    this.code = parts.code;
    this.hint = parts.hint;
    this.problems = parts.problems ?? [];
    Object.defineProperty(this, BRAND, { value: true });
    // Whoever prints it (a console, Nest) shows what a person needs, once; the stack of the engine would bury it.
    Object.defineProperty(this, inspect.custom, { value: () => `${this.name}: ${this.message}` });
  }
}

/** Tells whether a value is an error of this software, whichever copy of it raised it. */
export function isFlamingockError(value: unknown): value is FlamingockError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Tells whether a value is an error of this software with the given code. */
export function hasCode(value: unknown, code: ErrorCode): value is FlamingockError {
  return isFlamingockError(value) && value.code === code;
}

/**
 * Throws what was collected: nothing for no problem, the problem itself for one, and `FLG_SEVERAL_PROBLEMS`
 * with all of them in its message for more.
 */
export function throwProblems(problems: readonly FlamingockError[]): void {
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw first;
  throw new FlamingockError({
    code: 'FLG_SEVERAL_PROBLEMS',
    message: `${problems.length} problems were found before anything ran:\n${problems.map((p) => indent(p.message)).join('\n')}`,
    hint: 'Solve each of them; nothing was executed.',
    problems,
  });
}

function indent(text: string): string {
  return `  - ${text.replaceAll('\n', '\n    ')}`;
}

import { isObject } from '../is-object.js';
import { nearest } from '../nearest.js';
import type { Change, Execution, RecoveryStrategy, RetryPolicy } from './change.js';
import type { ChangeProblems } from './change-problems.js';
import { shown } from './shown.js';

/** The options that say how a change is executed, in every form of declaration. */
export const EXECUTION_KEYS = [
  'recovery',
  'transactional',
  'resumable',
  'runBy',
  'environments',
  'deadlineMs',
  'lockTimeoutMs',
  'statementTimeoutMs',
] as const;

/** What an author wrote, nothing of it checked. */
export type DeclaredExecution = Readonly<Partial<Record<(typeof EXECUTION_KEYS)[number], unknown>>>;

const STRATEGIES: readonly RecoveryStrategy[] = ['MANUAL_INTERVENTION', 'ALWAYS_RETRY'];
const RECOVERY_KEYS = ['strategy', 'attempts', 'backoffMs', 'maxBackoffMs'];
/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Checks how a change wants to be executed; what is wrong is among the problems and has its default in the answer. */
export function readExecution(declared: DeclaredExecution, problems: ChangeProblems): Execution {
  const { runBy, environments } = declared;
  const transactional = readFlag('transactional', declared.transactional, problems);
  const resumable = readFlag('resumable', declared.resumable, problems) ?? false;
  if (resumable && transactional !== false)
    invalid(
      problems,
      'it is resumable, which only a change outside a transaction can be.',
      'Say transactional: false as well: the batches of a resumable change are durable one by one.',
    );
  if (runBy !== undefined && runBy !== 'cli')
    invalid(
      problems,
      `\`runBy\` is ${shown(runBy)}; the only value is 'cli'.`,
      'Leave it out for a change that a start applies.',
    );
  return {
    ...readRecovery(declared.recovery, resumable, problems),
    transactional,
    resumable,
    runBy: runBy === 'cli' ? 'cli' : 'start',
    environments: readEnvironments(environments, problems),
    deadlineMs: readTime('deadlineMs', declared.deadlineMs, problems),
    lockTimeoutMs: readTime('lockTimeoutMs', declared.lockTimeoutMs, problems),
    statementTimeoutMs: readTime('statementTimeoutMs', declared.statementTimeoutMs, problems),
  };
}

function readRecovery(
  value: unknown,
  resumable: boolean,
  problems: ChangeProblems,
): Pick<Change, 'recovery' | 'retry'> {
  if (!isObject(value)) return { recovery: readStrategy(value, resumable, problems), retry: undefined };
  const { strategy, ...retry } = value as Record<string, unknown>;
  problems.addUnknownKeys(value, RECOVERY_KEYS, 'recovery');
  const recovery = readStrategy(strategy, resumable, problems);
  if (Object.values(retry).every((part) => part === undefined)) return { recovery, retry: undefined };
  if (recovery !== 'ALWAYS_RETRY')
    invalid(
      problems,
      'its recovery asks for attempts within a run, and its strategy does not allow to repeat it.',
      "Use strategy: 'ALWAYS_RETRY', or take attempts and back-off away.",
    );
  return { recovery, retry: readRetry(retry, problems) };
}

function readRetry(
  { attempts, backoffMs, maxBackoffMs }: Readonly<Record<string, unknown>>,
  problems: ChangeProblems,
): RetryPolicy {
  const counted = Number.isSafeInteger(attempts) && Number(attempts) >= 2 && Number(attempts) <= 100;
  if (!counted)
    invalid(
      problems,
      `\`attempts\` of its recovery is ${shown(attempts)}.`,
      'Give a whole number from 2 to 100: how often one run tries the change in all.',
    );
  return {
    attempts: counted ? Number(attempts) : 2,
    backoffMs: readTime('backoffMs', backoffMs, problems) ?? 200,
    maxBackoffMs: readTime('maxBackoffMs', maxBackoffMs, problems) ?? 30_000,
  };
}

/** A checkpoint is what makes it safe to go on after whatever happened: a resumable change needs nobody to look. */
function readStrategy(value: unknown, resumable: boolean, problems: ChangeProblems): RecoveryStrategy {
  if (value === undefined) return resumable ? 'ALWAYS_RETRY' : 'MANUAL_INTERVENTION';
  if (resumable && value === 'MANUAL_INTERVENTION')
    invalid(
      problems,
      'it is resumable, and its recovery strategy asks for a person.',
      'Leave the strategy out: a resumable change goes on from its last checkpoint.',
    );
  const strategy = STRATEGIES.find((known) => known === value);
  if (strategy === undefined) {
    const meant = typeof value === 'string' ? nearest(value, STRATEGIES) : undefined;
    invalid(
      problems,
      `the recovery strategy ${shown(value)} is not known.`,
      meant === undefined ? `Known strategies: ${STRATEGIES.join(', ')}.` : `Did you mean '${meant}'?`,
    );
  }
  return strategy ?? 'MANUAL_INTERVENTION';
}

function readEnvironments(value: unknown, problems: ChangeProblems): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length > 0 && value.every(isName)) return value.map(String);
  invalid(
    problems,
    `\`environments\` is ${shown(value)}, which is no list of names.`,
    "List the environments where the change runs: ['production']; leave it out for all.",
  );
  return undefined;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value === value.trim();
}

function readFlag(key: string, value: unknown, problems: ChangeProblems): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  invalid(
    problems,
    `\`${key}\` is ${shown(value)}, which is neither true nor false.`,
    'Leave it out for the default.',
  );
  return undefined;
}

function readTime(key: string, value: unknown, problems: ChangeProblems): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= LONGEST_TIMER_MS) return value;
  invalid(
    problems,
    `\`${key}\` is ${shown(value)}, which is no time.`,
    `Give milliseconds, more than 0 and up to ${LONGEST_TIMER_MS}.`,
  );
  return undefined;
}

function invalid(problems: ChangeProblems, what: string, hint: string): void {
  problems.add('FLG_CHANGE_INVALID', what, hint);
}

import type { Change, Execution } from './change.js';
import type { ChangeProblems } from './change-problems.js';
import type { ChangeName } from './order.js';
import { normaliseOrder } from './order.js';
import { type DeclaredExecution, readExecution } from './read-execution.js';
import { shown } from './shown.js';

/** What an author wrote, nothing of it checked. */
export interface DeclaredAttributes extends DeclaredExecution {
  readonly id?: unknown;
  readonly author?: unknown;
  readonly order?: unknown;
  readonly targetSystem?: unknown;
  readonly revision?: unknown;
}

/** One place that says order or name: `{ by: 'the file name', order: '1', name: 'AddColumn' }`. */
export interface NameClaim extends Partial<ChangeName> {
  readonly by: string;
}

/** What a change is, without what it does. */
export type Attributes = Execution &
  Pick<Change, 'author' | 'targetSystem' | 'revision'> & {
    readonly [K in 'id' | 'order' | 'name']: Change[K] | undefined;
  };

/**
 * Checks the attributes of a change; what is wrong is undefined in the answer and among the problems.
 *
 * @param claims everything that says order or name, the one that counts most first; they must agree
 * @param fallbackName the name where no claim has one
 */
export function readAttributes(
  declared: DeclaredAttributes,
  claims: readonly NameClaim[],
  fallbackName: string | undefined,
  problems: ChangeProblems,
): Attributes {
  const { id, author, targetSystem, revision } = declared;
  if (id === undefined) {
    problems.add(
      'FLG_CHANGE_INVALID',
      'the change has no id.',
      "Give it one that never changes: { id: 'add-column' }.",
    );
  }
  return {
    id: readText('id', id, problems),
    author: readText('author', author, problems),
    targetSystem: readText('targetSystem', targetSystem, problems),
    revision: readText('revision', revision, problems),
    ...readExecution(declared, problems),
    ...readName(declared.order, claims, fallbackName, problems),
  };
}

/** Ids are compared in binary and texts are printed: what cannot be seen must not make a difference. */
export function readText(key: string, value: unknown, problems: ChangeProblems): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value === value.trim() && !/[\p{Cc}\p{Cs}]/u.test(value)) {
    return value;
  }
  problems.add(
    'FLG_CHANGE_INVALID',
    `\`${key}\` is ${shown(value)}, which is no name or text.`,
    'Give a text that is not empty, has no blank at its ends and no control character.',
  );
  return undefined;
}

function readName(
  option: unknown,
  claims: readonly NameClaim[],
  fallbackName: string | undefined,
  problems: ChangeProblems,
): { readonly order: string | undefined; readonly name: string | undefined } {
  const all =
    option === undefined ? claims : [...claims, { by: 'the option `order`', ...readOrder(option, problems) }];
  const order = agreed('order', all, problems);
  const name = agreed('name', all, problems) ?? fallbackName;
  if (option === undefined && order === undefined) {
    problems.add(
      'FLG_CHANGE_NAME',
      'the change has no order.',
      'Name it _0001__AddColumn, or give the option `order`.',
    );
  }
  if (name === undefined) {
    problems.add(
      'FLG_CHANGE_NAME',
      'the change has no name.',
      'Name it _0001__AddColumn, or give the option `name`.',
    );
  }
  return { order, name };
}

function readOrder(value: unknown, problems: ChangeProblems): { readonly order?: string } {
  if (typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value)) {
    const digits = String(value);
    if (/^\d+$/.test(digits)) return { order: normaliseOrder(digits) };
  }
  problems.add(
    'FLG_CHANGE_INVALID',
    `\`order\` is ${shown(value)}, which is no place in a sequence.`,
    'Give a whole number from zero, as a number, a bigint or digits.',
  );
  return {};
}

/** What the first claim says, where the others do not say otherwise. */
function agreed(
  what: 'order' | 'name',
  claims: readonly NameClaim[],
  problems: ChangeProblems,
): string | undefined {
  const [first, ...others] = claims.filter((claim) => claim[what] !== undefined);
  for (const other of others.filter((claim) => claim[what] !== first?.[what])) {
    problems.add(
      'FLG_CHANGE_MISMATCH',
      `${first?.by ?? ''} says ${what} ${first?.[what] ?? ''}, but ${other.by} says ${other[what] ?? ''}.`,
      `Correct the one that is wrong, or leave the ${what} to one of them.`,
    );
  }
  return first?.[what];
}

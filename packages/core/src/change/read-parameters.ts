import type { Parameter } from './change.js';
import { isChangeContext } from './change-context.js';
import type { ChangeProblems } from './change-problems.js';
import type { ParameterOptions } from './decorator-options.js';
import { parameterMarks } from './marks.js';
import { emittedTypes } from './metadata.js';
import { shown } from './shown.js';
import { isToken, tokenKey, tokenName } from './token.js';
import type { Token } from './token.js';

/** A method or constructor of a decorated class. */
export interface Callable {
  /** The name of the class. */
  readonly type: string;
  /** For messages: `apply()`, `constructor`. */
  readonly title: string;
  /** Where its marks and metadata stand: the prototype, or the class for its constructor. */
  readonly owner: object;
  readonly method: string | symbol | undefined;
  /** How many parameters it has at least. */
  readonly length: number;
  readonly options: ParameterOptions;
  /** The decorator that takes the options, for messages: `@Apply`. */
  readonly decorator: string;
}

/** What stands at one position: something to resolve, or the context of the run. */
export type Slot = Parameter | 'context';

/** What compilers emit for everything that is no class: interfaces, unions, primitives, functions. */
const NO_CLASSES = new Set<unknown>([
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Promise,
]);

/** One slot for each parameter: out of its own `@Inject`, else the list `inject`, else decorator metadata. */
export function readParameters(callable: Callable, problems: ChangeProblems): readonly Slot[] {
  const { title, owner, method, decorator } = callable;
  const inject = readList(callable, 'inject', problems);
  const types = inject ?? emittedTypes(owner, method) ?? [];
  const marks = (parameterMarks.of(owner) ?? []).filter((mark) => mark.method === method);
  const injected = new Map(marks.flatMap((mark) => (mark.inject ? [[mark.index, mark.inject.token]] : [])));
  const count = Math.max(callable.length, types.length, ...marks.map((mark) => mark.index + 1));
  const indexes = Array.from({ length: count }, (_, index) => index);

  if (indexes.some((index) => index >= types.length && !injected.has(index))) {
    if (inject === undefined) {
      problems.add(
        'FLG_METADATA_MISSING',
        `class ${callable.type} was built without decorator metadata, so what its ${title} asks for is not known.`,
        `Name them, ${decorator}({ inject: [A, B] }), or use defineChange(). Or set emitDecoratorMetadata and import 'reflect-metadata' before the changes (esbuild, tsx, Vite, Node's type stripping and standard decorators emit no metadata).`,
      );
    } else {
      problems.add(
        'FLG_CHANGE_INVALID',
        `${title} has ${count} parameters, but \`inject\` names ${inject.length}.`,
        `Give ${decorator}({ inject }) one class or token for each parameter.`,
      );
    }
    return [];
  }

  const outside = new Set(marks.flatMap((mark) => (mark.outside ? [mark.index] : [])));
  const optional = new Set(marks.flatMap((mark) => (mark.optional ? [mark.index] : [])));
  const tokens = indexes.map((index) => (injected.has(index) ? injected.get(index) : types[index]));
  addListed(callable, 'outside', tokens, outside, problems);
  addListed(callable, 'optional', tokens, optional, problems);
  return tokens.flatMap((token, index): Slot[] => {
    const position = `${title} parameter ${index + 1}`;
    if (isChangeContext(token)) return ['context'];
    if (!isResolvable(token, position, problems)) return [];
    return [{ token, position, outside: outside.has(index), optional: optional.has(index) }];
  });
}

/** Tells whether a token can be resolved at all; adds the problem where it cannot. */
export function isResolvable(token: unknown, position: string, problems: ChangeProblems): token is Token {
  if (isToken(token) && !NO_CLASSES.has(token)) return true;
  const found = isToken(token) ? `the type ${tokenName(token)}` : shown(token);
  problems.add(
    'FLG_PARAMETER_UNKNOWN',
    `what ${position} stands for is not known: at run time it is ${found}.`,
    'Ask for a class that is imported as a value, or name a token: @Inject(token), or `inject`. An interface, a union, a primitive, `import type` and a circular import leave no class behind.',
  );
  return false;
}

/** Adds the positions of the parameters that a list of the options names. */
function addListed(
  callable: Callable,
  key: 'outside' | 'optional',
  tokens: readonly unknown[],
  positions: Set<number>,
  problems: ChangeProblems,
): void {
  for (const listed of readList(callable, key, problems) ?? []) {
    const matching = [...tokens.keys()].filter((index) => isSame(tokens[index], listed));
    for (const index of matching) positions.add(index);
    if (matching.length > 0) continue;
    problems.add(
      'FLG_CHANGE_INVALID',
      `\`${key}\` of ${callable.title} lists ${isToken(listed) ? tokenName(listed) : shown(listed)}, which is none of its parameters.`,
      'List classes or tokens that the parameters stand for.',
    );
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return isToken(a) && isToken(b) && tokenKey(a) === tokenKey(b);
}

function readList(
  callable: Callable,
  key: keyof ParameterOptions,
  problems: ChangeProblems,
): readonly unknown[] | undefined {
  const value: unknown = callable.options[key];
  if (value === undefined || Array.isArray(value)) return value;
  problems.add(
    'FLG_CHANGE_INVALID',
    `\`${key}\` of ${callable.title} is no list.`,
    `Write ${callable.decorator}({ ${key}: [A, B] }).`,
  );
  return undefined;
}

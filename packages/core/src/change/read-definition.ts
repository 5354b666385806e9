import type { ChangeMethod, ChangeMethodName, Parameter } from './change.js';
import { isChangeContext } from './change-context.js';
import { ChangeProblems } from './change-problems.js';
import type { ChangeDefinition, DefinedChange } from './define-change.js';
import { finding } from './finding.js';
import type { Finding, Origin } from './finding.js';
import { refuseGenerator } from './generator.js';
import { parseChangeName } from './order.js';
import { readAttributes, readText } from './read-attributes.js';
import { EXECUTION_KEYS } from './read-execution.js';
import { isResolvable } from './read-parameters.js';
import { isObject } from '../is-object.js';

const KEYS: readonly (keyof ChangeDefinition)[] = [
  'id',
  'author',
  'order',
  'name',
  'targetSystem',
  'revision',
  'wants',
  ...EXECUTION_KEYS,
  'inject',
  'outside',
  'optional',
  'apply',
  'rollback',
  'verify',
];

/** What an author wrote, nothing of it checked. */
type Unchecked = Readonly<Partial<Record<keyof ChangeDefinition, unknown>>>;

/** Reads a definition: the change, or everything that is wrong with it. */
export function readDefinition(declared: DefinedChange, origin: Origin): Finding {
  const definition: Unchecked = declared.definition;
  const problems = new ChangeProblems(origin.source);
  problems.addUnknownKeys(definition, KEYS, 'defineChange()');
  const name = readText('name', definition.name, problems);
  const attributes = readAttributes(
    definition,
    [
      ...(origin.file ? [{ by: 'the file name', ...origin.file }] : []),
      ...(name === undefined ? [] : [{ by: 'the option `name`', ...(parseChangeName(name) ?? { name }) }]),
    ],
    undefined,
    problems,
  );
  if (definition.apply === undefined) {
    problems.add(
      'FLG_CHANGE_INVALID',
      'the definition has no `apply`.',
      'Write async apply(clients, context) {}.',
    );
  }
  const parameters = readInjection(definition, problems);
  const wants = readWants(definition, problems);
  const behaviour = {
    ...(wants.length === 0 ? {} : { wants }),
    construction: { parameters: [], construct: () => undefined },
    apply: readMethod('apply', definition, parameters, problems),
    rollback: readMethod('rollback', definition, parameters, problems),
    verify: readMethod('verify', definition, parameters, problems),
  };
  return finding(origin.source, attributes, behaviour, problems);
}

function readInjection(definition: Unchecked, problems: ChangeProblems): readonly Parameter[] {
  const outside = readNames('outside', definition, problems);
  const optional = readNames('optional', definition, problems);
  const { inject = {} } = definition;
  if (!isObject(inject) || Array.isArray(inject)) {
    problems.add(
      'FLG_CHANGE_INVALID',
      '`inject` must be an object that names what it asks for.',
      'Give each a name: inject: { db: SqlExecutor }; the methods are called with { db }.',
    );
    return [];
  }
  return Object.entries(inject).flatMap(([name, token]: [string, unknown]) => {
    const position = `inject.${name}`;
    if (isChangeContext(token)) {
      problems.add(
        'FLG_CHANGE_INVALID',
        `${position} asks for the ChangeContext.`,
        'Leave it out: the context is the second argument of every method.',
      );
    }
    if (!isResolvable(token, position, problems)) return [];
    return [{ token, position, outside: outside.includes(name), optional: optional.includes(name) }];
  });
}

function readNames(
  key: 'outside' | 'optional',
  definition: Unchecked,
  problems: ChangeProblems,
): readonly unknown[] {
  const names: unknown = definition[key] ?? [];
  const known = Object.keys(definition.inject ?? {});
  if (Array.isArray(names) && names.every((name) => known.includes(name as string))) return names;
  problems.add(
    'FLG_CHANGE_INVALID',
    `\`${key}\` lists something that \`inject\` does not have.`,
    `Give a list of names of \`inject\`: ${known.join(', ') || 'there are none'}.`,
  );
  return [];
}

function readWants({ wants = [] }: Unchecked, problems: ChangeProblems): readonly string[] {
  if (Array.isArray(wants) && wants.every((line) => typeof line === 'string')) return wants;
  problems.add(
    'FLG_CHANGE_INVALID',
    '`wants` must be a list of texts.',
    "Say what the target system holds afterwards: wants: ['order-events-value: version 2'].",
  );
  return [];
}

function readMethod(
  role: ChangeMethodName,
  definition: Unchecked,
  parameters: readonly Parameter[],
  problems: ChangeProblems,
): ChangeMethod | undefined {
  const method: unknown = definition[role];
  if (method === undefined) return undefined;
  if (typeof method !== 'function') {
    problems.add(
      'FLG_CHANGE_INVALID',
      `\`${role}\` is no function.`,
      `Write async ${role}(clients, context) {}.`,
    );
    return undefined;
  }
  refuseGenerator(method, `${role}()`, problems);
  const names = Object.keys(definition.inject ?? {});
  return {
    parameters,
    invoke(_instance, values, context) {
      const clients = Object.fromEntries(names.map((name, index) => [name, values[index]]));
      return Reflect.apply(method, definition, [clients, context]) as unknown;
    },
  };
}

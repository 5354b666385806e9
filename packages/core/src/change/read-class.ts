import type { Change, ChangeMethod, ChangeMethodName, Parameter } from './change.js';
import { ChangeProblems } from './change-problems.js';
import type { ChangeOptions } from './decorator-options.js';
import { finding } from './finding.js';
import type { Finding, Origin } from './finding.js';
import { findMethods } from './find-methods.js';
import { refuseGenerator } from './generator.js';
import { lineage } from './lineage.js';
import { changeMark, decoratorName, parameterMarks, recoveryMark, targetSystemMark } from './marks.js';
import { emittedTypes, hasForeignInjection } from './metadata.js';
import { parseChangeName } from './order.js';
import { readAttributes } from './read-attributes.js';
import { EXECUTION_KEYS } from './read-execution.js';
import { readParameters } from './read-parameters.js';
import type { Slot } from './read-parameters.js';

/** A class that can be constructed. */
export type ChangeClass = new (...args: never[]) => object;

const PARAMETER_KEYS = ['inject', 'outside', 'optional'];
const CHANGE_KEYS = ['id', 'author', 'order', 'revision', ...EXECUTION_KEYS, ...PARAMETER_KEYS];

/** Tells whether a value is a class with a `@Change()` of its own. */
export function isChangeClass(value: unknown): value is ChangeClass {
  return typeof value === 'function' && changeMark.of(value) !== undefined;
}

/** Reads a decorated class: the change, or everything that is wrong with it. */
export function readClass(type: ChangeClass, origin: Origin): Finding {
  const problems = new ChangeProblems(origin.source);
  const options = changeMark.of(type) ?? {};
  problems.addUnknownKeys(options, CHANGE_KEYS, '@Change()');
  refuseForeignInjection(type, problems);

  const ownName = parseChangeName(type.name);
  const attributes = readAttributes(
    { ...options, recovery: recoveryOf(type, problems), targetSystem: targetSystemMark.of(type) },
    [
      ...(origin.file ? [{ by: 'the file name', ...origin.file }] : []),
      ...(ownName ? [{ by: `the class ${type.name}`, ...ownName }] : []),
    ],
    type.name === '' ? undefined : type.name,
    problems,
  );
  const apply = readMethod('apply', type, problems);
  if (apply === undefined) {
    problems.add(
      'FLG_CHANGE_INVALID',
      `class ${type.name} has no method with @Apply().`,
      'Write @Apply() above the method that applies the change, before any other decorator of it.',
    );
  }
  const behaviour = {
    construction: readConstruction(type, problems),
    apply,
    rollback: readMethod('rollback', type, problems),
    verify: readMethod('verify', type, problems),
  };
  return finding(origin.source, attributes, behaviour, problems);
}

function recoveryOf(type: ChangeClass, problems: ChangeProblems): unknown {
  const option = changeMark.of(type)?.recovery;
  const decorated = recoveryMark.of(type);
  if (decorated === undefined) return option;
  if (option !== undefined) {
    problems.add(
      'FLG_CHANGE_INVALID',
      'the recovery strategy is given twice.',
      'Keep either @Recovery() or the option `recovery` of @Change().',
    );
  }
  return decorated;
}

/** A parameter or property that another library is asked to fill would be left empty, or filled by its type. */
function refuseForeignInjection(type: ChangeClass, problems: ChangeProblems): void {
  if (![...lineage(type), ...lineage(type.prototype as object)].some(hasForeignInjection)) return;
  problems.add(
    'FLG_CHANGE_INVALID',
    `class ${type.name} uses the @Inject() or @Optional() of another library, which means nothing here.`,
    'Import them from @flamingock/core, and mark parameters of the constructor or of a method.',
  );
}

function readConstruction(type: ChangeClass, problems: ChangeProblems): Change['construction'] {
  const options: Partial<ChangeOptions> = changeMark.of(type) ?? {};
  const inherited = options.inject === undefined ? lineage(type).find(declaresConstructor) : undefined;
  const owner = inherited ?? type;
  const slots = readParameters(
    {
      type: type.name,
      title: 'constructor',
      owner,
      method: undefined,
      length: owner.length,
      options,
      decorator: '@Change',
    },
    problems,
  );
  if (slots.includes('context')) {
    problems.add(
      'FLG_CHANGE_INVALID',
      'the constructor asks for the ChangeContext, which only a run has.',
      'Ask for it in the method that uses it.',
    );
  }
  return {
    parameters: slots.filter(isParameter),
    construct: (values) => Reflect.construct(type, values) as object,
  };
}

/** A class without a constructor of its own is constructed with the parameters of its base class. */
function declaresConstructor(type: ChangeClass): boolean {
  const marked = parameterMarks.of(type)?.some((mark) => mark.method === undefined);
  return type.length > 0 || emittedTypes(type, undefined) !== undefined || marked === true;
}

function readMethod(
  role: ChangeMethodName,
  type: ChangeClass,
  problems: ChangeProblems,
): ChangeMethod | undefined {
  const decorator = decoratorName(role);
  const [marked, ...others] = findMethods(type).filter((method) => method.role === role);
  if (marked === undefined) return undefined;
  const { method, owner, options } = marked;
  const title = `${String(method)}()`;
  if (others.length > 0) {
    const names = [marked, ...others].map((other) => `${String(other.method)}()`).join(' and ');
    problems.add(
      'FLG_CHANGE_INVALID',
      `class ${type.name} has more than one ${decorator}(): ${names}.`,
      'Keep one of them.',
    );
  }
  problems.addUnknownKeys(options, PARAMETER_KEYS, `${decorator}() of ${title}`);
  const declared = Reflect.get(owner, method) as (...args: unknown[]) => unknown;
  refuseGenerator(declared, title, problems);
  const slots = readParameters(
    { type: type.name, title, owner, method, length: declared.length, options, decorator },
    problems,
  );
  return {
    parameters: slots.filter(isParameter),
    invoke(instance, values, context) {
      const given = values.values();
      const args = slots.map((slot): unknown => (slot === 'context' ? context : given.next().value));
      const target = instance as object;
      return Reflect.apply(Reflect.get(target, method) as typeof declared, target, args);
    },
  };
}

function isParameter(slot: Slot): slot is Parameter {
  return slot !== 'context';
}

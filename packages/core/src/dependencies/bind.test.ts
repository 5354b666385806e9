import { describe, expect, test } from '@jest/globals';
import { changeOf, methodOf } from '../../test/change-of.js';
import type { Change } from '../change/change.js';
import type { FlamingockError } from '../errors.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { Target } from '../target/target.js';
import { bindChanges, type DependencySources } from './bind.js';
import { invoke } from './binding.js';
import type { BoundChange } from './binding.js';

class ApiClient {
  readonly name = 'api';
}
class Mailer {
  readonly name = 'mailer';
}

const nothing: DependencySources = { dependencies: [], container: undefined, effectFree: [], redact: String };
const api: Target = { kind: 'test', clients: [ApiClient], supplies: () => false, client: () => undefined };

async function bind(
  parts: Partial<Change>,
  target: Target,
  sources: Partial<DependencySources> = {},
): Promise<{ bound: BoundChange; problems: string[] }> {
  const problems: FlamingockError[] = [];
  const change = { ...changeOf('_0001__a', parts), targetSystem: 'db', runsHere: true };
  const all = await bindChanges(
    [change],
    { db: target },
    memoryAuditStore(),
    { ...nothing, ...sources },
    problems,
  );
  const bound = all.get('a');
  if (bound === undefined) throw new TypeError('not bound');
  return { bound, problems: problems.map((problem) => problem.message) };
}

const outside = (method: ReturnType<typeof methodOf>): ReturnType<typeof methodOf> => ({
  ...method,
  parameters: method.parameters.map((parameter) => ({ ...parameter, outside: true })),
});

describe('what a change is given', () => {
  test('in this order: its target, the given dependencies, the container', async () => {
    const given = new ApiClient();
    const asked: string[] = [];
    const container = {
      name: 'Nest',
      hint: '',
      resolve: () => {
        asked.push('container');
        return Promise.resolve({ value: 'from the container' });
      },
    };
    const apply = {
      ...methodOf(ApiClient, Mailer),
      invoke: (_instance: unknown, values: readonly unknown[]) => values,
    };
    const { bound, problems } = await bind({ apply }, api, {
      dependencies: [{ token: ApiClient, value: given }],
      container,
    });
    expect(problems).toEqual([]);
    expect(await invoke(bound, 'apply', undefined as never)).toEqual([given, 'from the container']);
    expect(asked).toEqual(['container']);
  });

  test('nothing, where nothing supplies an optional parameter', async () => {
    const method = methodOf(Mailer);
    const apply = {
      parameters: method.parameters.map((parameter) => ({ ...parameter, optional: true })),
      invoke: (_instance: unknown, values: readonly unknown[]) => values,
    };
    const { bound, problems } = await bind({ apply }, api);
    expect(problems).toEqual([]);
    expect(await invoke(bound, 'apply', undefined as never)).toEqual([undefined]);
  });

  test('what cannot be resolved is named with its position and the ways out, for all methods together', async () => {
    const { problems } = await bind({ apply: methodOf(ApiClient), rollback: methodOf(Mailer) }, api);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(
      /FLG_DEPENDENCY_UNRESOLVED: _0001__a \(changes\/_0001__a\.js\) asks for ApiClient \(apply\(\) parameter 1\)/,
    );
    expect(problems[1]).toContain('Mailer');
    expect(problems[0]).toContain('Add it to dependencies');
  });
});

describe('a transactional change', () => {
  const dependencies = [{ token: Mailer, value: new Mailer() }];

  test('is refused a dependency that would act outside its transaction', async () => {
    const { problems } = await bind({ apply: methodOf(MemoryValues, Mailer) }, memoryTarget(), {
      dependencies,
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /FLG_DEPENDENCY_UNBOUND.*Mailer \(apply\(\) parameter 2\)[^]*@Outside\(\)[^]*effectFree[^]*transactional: false/,
      ),
    ]);
  });

  test.each<[string, Partial<Change>, Partial<DependencySources>]>([
    ['its author says that it may act outside', { apply: outside(methodOf(Mailer)) }, {}],
    [
      'the application says that it is free of effects',
      { apply: methodOf(Mailer) },
      { effectFree: [Mailer] },
    ],
    ['it does not run in the transaction', { apply: methodOf(Mailer), transactional: false }, {}],
  ])('gets it when %s', async (_when, parts, sources) => {
    expect((await bind(parts, memoryTarget(), { dependencies, ...sources })).problems).toEqual([]);
  });
});

describe('the evidence of a target covers a change', () => {
  const dependencies = [
    { token: Mailer, value: new Mailer() },
    { token: ApiClient, value: new ApiClient() },
  ];

  test.each<[string, Partial<Change>, Partial<DependencySources>, boolean]>([
    ['whose every client acts on it', { apply: methodOf(ApiClient) }, {}, true],
    [
      'whose other clients are free of effects',
      { apply: methodOf(ApiClient, Mailer) },
      { effectFree: [Mailer] },
      true,
    ],
    ['that was given a client of something else: not', { apply: methodOf(ApiClient, Mailer) }, {}, false],
    ['that was given nothing, and so uses what nobody declared: not', { apply: methodOf() }, {}, false],
    ['whose outside client may do anything: not', { apply: outside(methodOf(Mailer)) }, {}, false],
  ])('%s', async (_which, parts, sources, covered) => {
    expect((await bind(parts, api, { dependencies, ...sources })).bound.covered).toBe(covered);
  });
});

import { describe, expect, test } from '@jest/globals';
import { changeOf, methodOf } from '../../test/change-of.js';
import type { FlamingockError } from '../errors.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';
import type { Target } from '../target/target.js';
import { assignTargets } from './assign-target.js';

class FlagClient {
  readonly flags = new Map<string, boolean>();
}

const flags: Target = { kind: 'test', clients: [FlagClient], supplies: () => false, client: () => undefined };

function assign(change: ReturnType<typeof changeOf>, targets: Record<string, Target>): string {
  const problems: FlamingockError[] = [];
  const [assigned] = assignTargets([change], targets, 'test', problems);
  return problems[0]?.message ?? assigned?.targetSystem ?? 'none';
}

describe('the target system of a change', () => {
  test('is the one that it names', () => {
    expect(assign(changeOf('_1__a', { targetSystem: 'flags' }), { db: memoryTarget(), flags })).toBe('flags');
  });

  test('is the only one that supplies what it asks for', () => {
    const targets = { db: memoryTarget(), flags };
    expect(assign(changeOf('_1__a', { apply: methodOf(FlagClient) }), targets)).toBe('flags');
    expect(assign(changeOf('_1__a', { apply: methodOf(MemoryValues) }), targets)).toBe('db');
  });

  test('that is not configured is an error with the nearest name', () => {
    const message = assign(changeOf('_1__a', { targetSystem: 'flgs' }), { db: memoryTarget(), flags });
    expect(message).toMatch(/FLG_TARGET_UNKNOWN: _0001__a \(changes\/_1__a\.js\).*'flgs'/);
    expect(message).toContain("Did you mean 'flags'?");
  });

  test('that could be several is an error that names them', () => {
    const message = assign(changeOf('_1__a', { apply: methodOf(MemoryValues) }), {
      one: memoryTarget(),
      two: memoryTarget(),
    });
    expect(message).toMatch(/FLG_TARGET_AMBIGUOUS.*'one', 'two'/);
  });

  test('that nothing tells is an error', () => {
    expect(
      assign(
        changeOf('_1__a', {
          apply: methodOf(
            class Unknown {
              readonly x = 1;
            },
          ),
        }),
        { flags },
      ),
    ).toMatch(/FLG_TARGET_UNDETERMINED.*'Unknown'/);
    expect(assign(changeOf('_1__a'), { flags })).toMatch(/FLG_TARGET_UNDETERMINED.*asks for no client/);
  });

  test('without transactions refuses a change that insists on one', () => {
    expect(assign(changeOf('_1__a', { targetSystem: 'flags', transactional: true }), { flags })).toContain(
      'FLG_CHANGE_INVALID',
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { ChangeProblems } from './change-problems.js';
import { type DeclaredExecution, readExecution } from './read-execution.js';

function read(declared: DeclaredExecution): { execution: object; problems: readonly string[] } {
  const problems = new ChangeProblems('changes/_0001__A.js');
  const execution = readExecution(declared, problems);
  return { execution, problems: problems.found.map((problem) => problem.message) };
}

describe('how a change wants to be executed', () => {
  test('nothing said: everywhere, by a start, once in a run, as the target can', () => {
    expect(read({})).toEqual({
      execution: {
        recovery: 'MANUAL_INTERVENTION',
        retry: undefined,
        transactional: undefined,
        resumable: false,
        runBy: 'start',
        environments: undefined,
        deadlineMs: undefined,
        lockTimeoutMs: undefined,
        statementTimeoutMs: undefined,
      },
      problems: [],
    });
  });

  test('everything said', () => {
    const declared = {
      recovery: { strategy: 'ALWAYS_RETRY', attempts: 5, backoffMs: 10 },
      transactional: false,
      resumable: true,
      runBy: 'cli',
      environments: ['production'],
      deadlineMs: 60_000,
    };
    expect(read(declared)).toMatchObject({
      execution: {
        ...declared,
        recovery: 'ALWAYS_RETRY',
        retry: { attempts: 5, backoffMs: 10, maxBackoffMs: 30_000 },
      },
      problems: [],
    });
  });

  test('a resumable change needs nobody to look: it goes on from its checkpoint', () => {
    expect(read({ resumable: true, transactional: false })).toMatchObject({
      execution: { recovery: 'ALWAYS_RETRY' },
      problems: [],
    });
  });

  test.each<[string, DeclaredExecution, string]>([
    [
      'a resumable change that asks for a person',
      { resumable: true, transactional: false, recovery: 'MANUAL_INTERVENTION' },
      'resumable',
    ],
    ['a resumable change in a transaction', { resumable: true }, 'resumable'],
    ['another place to run', { runBy: 'start-up' }, "'cli'"],
    ['no environment at all', { environments: [] }, '`environments`'],
    ['one environment that is no list', { environments: 'production' }, '`environments`'],
    ['a deadline of nothing', { deadlineMs: 0 }, '`deadlineMs`'],
    ['a deadline that Node cannot wait for', { deadlineMs: 2 ** 31 }, '`deadlineMs`'],
    ['a lock time-out as a text', { lockTimeoutMs: '5s' }, '`lockTimeoutMs`'],
    [
      'attempts without leave to repeat',
      { recovery: { strategy: 'MANUAL_INTERVENTION', attempts: 3 } },
      'attempts',
    ],
    ['a single attempt', { recovery: { strategy: 'ALWAYS_RETRY', attempts: 1 } }, '`attempts`'],
    ['a typing error in the recovery', { recovery: { strategy: 'ALWAYS_RETRY', atempts: 3 } }, 'atempts'],
  ])('%s is refused', (_what, declared, named) => {
    const { problems } = read(declared);
    expect(problems.join()).toContain(named);
  });
});

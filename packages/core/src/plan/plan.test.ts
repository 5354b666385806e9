import { describe, expect, test } from '@jest/globals';
import { assignedChange } from '../../test/change-of.js';
import { type EntryLike, ledgerOf } from '../../test/ledger-of.js';
import type { EntryState, Proof } from '../ledger/entry.js';
import { fold } from '../ledger/fold.js';
import { memoryTarget } from '../memory/memory-target.js';
import { makePlan, type Plan } from './plan.js';

const abc = [assignedChange('_0001__a'), assignedChange('_0002__b'), assignedChange('_0003__c')];
const targets = { db: memoryTarget() };

function plan(changes: Parameters<typeof makePlan>[0], ...entries: readonly EntryLike[]): Plan {
  return makePlan(changes, fold(entries.length === 0 ? [] : ledgerOf(...entries)), targets, RULES);
}

const actions = (made: Plan): string[] => made.steps.map((step) => `${step.change.id}:${step.action}`);
const codes = (made: Plan): string[] => made.problems.map((problem) => problem.code);

const RULES = { outOfOrder: false, appliesHeld: false };

describe('what a run would do', () => {
  test('with an empty ledger: everything', () => {
    expect(actions(plan(abc))).toEqual(['a:apply', 'b:apply', 'c:apply']);
  });

  test('with everything applied: nothing', () => {
    expect(plan(abc, 'a', 'b', 'c')).toMatchObject({
      pending: [],
      problems: [],
      ahead: [],
      highestSequence: 4,
    });
  });

  test.each<[EntryState, Proof, string]>([
    ['STARTED', 'none', 'settle'],
    ['APPLIED', 'none', 'skip'],
    ['MANUALLY_APPLIED', 'person', 'skip'],
    ['FAILED', 'transaction', 'apply'],
    ['FAILED', 'not-sent', 'apply'],
    ['FAILED', 'none', 'settle'],
    ['ROLLED_BACK', 'rollback', 'apply'],
    ['ROLLBACK_FAILED', 'none', 'settle'],
    ['ROLLBACK_FAILED', 'verify', 'apply'],
    ['MANUALLY_ROLLED_BACK', 'person', 'apply'],
    ['UNDONE', 'rollback', 'held'],
  ])('after %s with proof %s: %s', (state, proof, action) => {
    const made = plan(abc, 'a', { changeId: 'b', state, proof });
    expect(actions(made)).toContain(`b:${action}`);
  });

  test('the latest entry of a change decides', () => {
    const made = plan(
      abc,
      'a',
      { changeId: 'b', state: 'FAILED', attempt: 1 },
      { changeId: 'b', attempt: 2 },
    );
    expect(made.steps[1]).toMatchObject({ action: 'skip', attempts: 2 });
  });
});

describe('what makes a run refuse to begin', () => {
  test('a new change below an applied one', () => {
    const late = assignedChange('_0002__late');
    const made = plan(
      [abc[0], late, assignedChange('_0003__c')].filter((change) => change !== undefined),
      'a',
      { changeId: 'c', order: '3' },
    );
    expect(codes(made)).toEqual(['FLG_OUT_OF_ORDER']);
    expect(made.problems[0]?.message).toMatch(/_0002__late.*changes\/_0002__late\.js.*_0003__c/);
  });

  test('an applied change that is missing in the middle', () => {
    const made = plan(
      [abc[0], abc[2]].filter((change) => change !== undefined),
      'a',
      'b',
      'c',
    );
    expect(codes(made)).toEqual(['FLG_CHANGE_UNKNOWN']);
    expect(made.problems[0]?.message).toContain('_0002__b');
  });

  test('an applied change below the lowest declared one may be gone', () => {
    expect(plan(abc.slice(1), 'a', 'b', 'c')).toMatchObject({ pending: [], problems: [], ahead: [] });
  });

  test('an undone change is held', () => {
    expect(codes(plan(abc, 'a', 'b', { changeId: 'c', state: 'UNDONE', proof: 'rollback' }))).toEqual([
      'FLG_CHANGE_HELD',
    ]);
  });

  test('an applied change whose revision was edited', () => {
    const made = plan([assignedChange('_0001__a', { revision: '2' })], { changeId: 'a', revision: '1' });
    expect(codes(made)).toEqual(['FLG_CHANGE_EDITED']);
  });

  test('a target system that is not the recorded one', () => {
    const made = plan(abc, { changeId: 'a', targetIdentity: 'green' });
    expect(codes(made)).toEqual(['FLG_TARGET_IDENTITY']);
  });

  test('everything that is wrong is said together', () => {
    const made = plan(
      [assignedChange('_0001__x'), ...abc.slice(1)],
      { changeId: 'a', targetIdentity: 'green' },
      'b',
      { changeId: 'c', state: 'UNDONE' },
    );
    expect(codes(made).sort()).toEqual([
      'FLG_CHANGE_HELD',
      'FLG_CHANGE_UNKNOWN',
      'FLG_OUT_OF_ORDER',
      'FLG_TARGET_IDENTITY',
    ]);
  });
});

describe('a ledger that is ahead of the code', () => {
  test('is fine while nothing is pending: this is an older release', () => {
    expect(plan(abc.slice(0, 2), 'a', 'b', 'c')).toMatchObject({ pending: [], problems: [], ahead: ['c'] });
  });

  test('is an error when something is pending', () => {
    const made = plan(
      abc.slice(0, 2),
      'a',
      { changeId: 'b', state: 'FAILED' },
      { changeId: 'c', order: '3' },
    );
    expect(codes(made)).toEqual(['FLG_CHANGE_UNKNOWN']);
  });

  test('only what is applied counts', () => {
    expect(
      plan(abc.slice(0, 2), 'a', { changeId: 'gone', order: '9', state: 'FAILED', proof: 'none' }).problems,
    ).toEqual([]);
  });
});

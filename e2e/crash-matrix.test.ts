import { beforeAll, describe, expect, it } from '@jest/globals';
import { crashMatrix } from '../tools/crash/matrix.mjs';
import type { Pair } from '../tools/crash/pairs.mjs';
import { summaryOf, type Summary } from '../tools/crash/result.mjs';
import type { Defect } from './fixtures/crash/broken.mjs';

/** Long enough for a machine that does other things as well, in milliseconds. */
const PATIENCE = 180_000;

describe('A five-change sequence whose process is killed at every third port call', () => {
  let onDatabase: Summary;
  let overHttp: Summary;
  beforeAll(async () => {
    const pairs = [
      { store: 'sqlite', target: 'sqlite', work: 'apply' },
      { store: 'sqlite', target: 'http', work: 'apply' },
    ] as const;
    [onDatabase, overHttp] = (await crashMatrix({ pairs, which: (_, index) => index % 3 === 0 })).map(
      summaryOf,
    ) as [Summary, Summary];
  }, PATIENCE);

  it('takes effect exactly once on another database', () => {
    expect(onDatabase).toMatchObject({ failures: [], issue: 0 });
    // Killed between a commit and its ledger entry, among others.
    expect(onDatabase.healed).toBeGreaterThan(0);
    expect(onDatabase.once).toBeGreaterThan(0);
  });

  it('takes effect at most once on a system without transactions, and a person completes what nothing can prove', () => {
    expect(overHttp).toMatchObject({ failures: [], healed: 0 });
    expect(overHttp.issue).toBeGreaterThan(0);
    expect(overHttp.once).toBeGreaterThan(0);
  });
});

describe('An undo of three changes whose process is killed at every third port call', () => {
  let summaries: readonly Summary[];
  beforeAll(async () => {
    const pairs = (['shared', 'sqlite', 'plain', 'http-verify'] as const).map(
      (target) => ({ store: 'sqlite', target, work: 'undo' }) as const,
    );
    summaries = (await crashMatrix({ pairs, which: (_, index) => index % 3 === 0 })).map(summaryOf);
  }, PATIENCE);

  it('takes each change back once, or stops where only a person can tell', () => {
    const results = summaries.map(({ pair, issue, failures }) => ({ pair, failures, stops: issue > 0 }));
    expect(results).toEqual([
      { pair: 'sqlite/shared undo', failures: [], stops: false },
      { pair: 'sqlite/sqlite undo', failures: [], stops: false },
      { pair: 'sqlite/plain undo', failures: [], stops: true },
      { pair: 'sqlite/http-verify undo', failures: [], stops: false },
    ]);
  });

  it('finds out by the fence, by the ledger or by verify what became of the one that was interrupted', () => {
    expect(summaries.map(({ healed }) => healed > 0)).toEqual([true, true, false, true]);
  });
});

describe('The matrix of crashes', () => {
  const REPEATED = 'not every change has its effect once and in order';

  async function failuresOf(pair: Pair, defect: Defect, points: RegExp): Promise<readonly string[]> {
    const results = await crashMatrix({ pairs: [pair], defect, which: (point) => points.test(point) });
    return results.flatMap((result) => summaryOf(result).failures.map(({ why }) => why));
  }

  it(
    'notices a fence that does not tell of the last commit',
    async () => {
      const failures = await failuresOf(
        { store: 'sqlite', target: 'sqlite', work: 'apply' },
        'late-fence',
        /^transactions.run . after/,
      );
      expect(failures).toContain(REPEATED);
    },
    PATIENCE,
  );

  it(
    'notices a store that acknowledges before it writes',
    async () => {
      const failures = await failuresOf(
        { store: 'sqlite', target: 'http', work: 'apply' },
        'late-store',
        /^\w+.apply . after/,
      );
      expect(failures).toContain(REPEATED);
    },
    PATIENCE,
  );
});

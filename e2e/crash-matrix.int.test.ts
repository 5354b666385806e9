import { expect, it } from '@jest/globals';
import { crashMatrix } from '../tools/crash/matrix.mjs';
import type { Pair } from '../tools/crash/pairs.mjs';
import { summaryOf, type Summary } from '../tools/crash/result.mjs';
import { describeWith } from '../tools/services/describe-with.mjs';
import { mariadb } from '../tools/services/mariadb.mjs';
import { mongodb } from '../tools/services/mongodb.mjs';

/** Long enough for a machine that does other things as well, in milliseconds. */
const PATIENCE = 180_000;

async function summariesOf(pairs: readonly Pair[]): Promise<readonly Summary[]> {
  return (await crashMatrix({ pairs, which: (_, index) => index % 5 === 0 })).map(summaryOf);
}

const describeWithMariadb = await describeWith(mariadb);
const describeWithMongodb = await describeWith(mongodb);

describeWithMariadb('A sequence on MariaDB whose process is killed at every fifth port call', () => {
  it(
    'takes effect exactly once, also where ledger and change cannot share a commit',
    async () => {
      const summaries = await summariesOf([{ store: 'mariadb', target: 'shared', work: 'apply' }]);
      expect(summaries).toMatchObject([{ failures: [], issue: 0 }]);
      expect(summaries[0]?.healed).toBeGreaterThan(0);
    },
    PATIENCE,
  );
});

describeWithMongodb('A sequence on MongoDB whose process is killed at every fifth port call', () => {
  it(
    'takes effect exactly once, with a fence, and where a verify looks for the index of a change',
    async () => {
      const summaries = await summariesOf([
        { store: 'mongodb', target: 'mongodb', work: 'apply' },
        { store: 'mongodb', target: 'plain-verify', work: 'apply' },
      ]);
      expect(summaries).toMatchObject([
        { failures: [], issue: 0 },
        { failures: [], issue: 0 },
      ]);
      expect(summaries.map(({ healed }) => healed > 0)).toEqual([true, true]);
    },
    PATIENCE,
  );
});

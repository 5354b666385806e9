import assert from 'node:assert/strict';
import type { AuditSession, CheckpointWriter, ClaimedCheckpoint } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import { auditCaseWith, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { KEY } from './samples.js';

const CHANGE = 'fill-payment-method';
const NOTHING: ClaimedCheckpoint = { savedBy: 0, text: undefined };

/** How far a long change has come, saved only by the attempt that has claimed it. */
export const checkpointCases: readonly ContractCase<AuditStoreHarness>[] = [
  checkpointCase(
    'a checkpoint is found by the next attempt, exactly as it was saved',
    async (first, second) => {
      same(await first.claim(KEY, CHANGE, 1), NOTHING);
      const texts = ['{"last": 1e3}', '', `it's "odd" \\ é😀\u2028`, 'x'.repeat(16_384)];
      for (const [index, text] of texts.entries()) {
        assert.equal(await first.save(KEY, CHANGE, { sequence: 1, revision: index + 1, text }), true);
        same(await first.claim(KEY, CHANGE, 1), { savedBy: 1, text }, 'the same attempt may claim again');
      }
      same(await second.claim(KEY, CHANGE, 5), { savedBy: 1, text: texts.at(-1) });
      same(await second.claim(KEY, CHANGE, 6), { savedBy: 1, text: texts.at(-1) }, 'a claim keeps the value');
    },
  ),

  checkpointCase('an attempt that was overtaken saves nothing more', async (first, second) => {
    await first.claim(KEY, CHANGE, 1);
    await first.save(KEY, CHANGE, { sequence: 1, revision: 1, text: 'of the first' });
    await second.claim(KEY, CHANGE, 5);
    assert.equal(await first.save(KEY, CHANGE, { sequence: 1, revision: 2, text: 'too late' }), false);
    assert.equal(await first.claim(KEY, CHANGE, 1), undefined);
    assert.equal(await second.save(KEY, CHANGE, { sequence: 5, revision: 1, text: 'of the second' }), true);
    same(await second.claim(KEY, CHANGE, 5), { savedBy: 5, text: 'of the second' });
  }),

  checkpointCase('nothing is saved without a claim', async (first) => {
    assert.equal(await first.save(KEY, CHANGE, { sequence: 1, revision: 1, text: 'unclaimed' }), false);
    same(await first.claim(KEY, CHANGE, 1), NOTHING);
  }),

  checkpointCase(
    'a value that comes late changes nothing, and one that is repeated neither',
    async (first, second) => {
      await first.claim(KEY, CHANGE, 1);
      for (const [revision, text] of [
        [2, 'the second'],
        [1, 'the first, late'],
        [2, 'the second'],
      ] as const) {
        assert.equal(await first.save(KEY, CHANGE, { sequence: 1, revision, text }), true);
      }
      same(await first.claim(KEY, CHANGE, 1), { savedBy: 1, text: 'the second' });
      assert.equal(await first.save(KEY, CHANGE, { sequence: 1, revision: 1, text: 'late again' }), true);
      same(await second.claim(KEY, CHANGE, 5), { savedBy: 1, text: 'the second' });
      await second.save(KEY, CHANGE, { sequence: 5, revision: 1, text: 'of the next attempt' });
      same(await second.claim(KEY, CHANGE, 5), { savedBy: 5, text: 'of the next attempt' }, 'it counts anew');
    },
  ),

  checkpointCase('each change of each ledger has a checkpoint of its own', async (first, second) => {
    const owners = [
      [KEY, CHANGE],
      [KEY, 'Fill-Payment-Method'],
      [KEY, `${CHANGE} `],
      [{ ...KEY, tenant: 'acme' }, CHANGE],
      [{ ...KEY, environment: 'Production' }, CHANGE],
    ] as const;
    for (const [index, [key, change]] of owners.entries()) {
      await first.claim(key, change, index + 1);
      await first.save(key, change, { sequence: index + 1, revision: 1, text: `${index}` });
    }
    for (const [index, [key, change]] of owners.entries()) {
      same(await second.claim(key, change, 9), { savedBy: index + 1, text: `${index}` });
    }
  }),
];

function checkpointCase(
  name: string,
  check: (first: CheckpointWriter, second: CheckpointWriter) => Promise<void>,
): ContractCase<AuditStoreHarness> {
  const of = ({ checkpoints }: AuditSession): CheckpointWriter => provided('checkpoints', checkpoints);
  return auditCaseWith(['checkpoints'], name, (database) =>
    withSessions(database, async (first, second) => {
      assert.equal((await database.store()).capabilities.checkpoints, true);
      await check(of(first), of(second));
    }),
  );
}

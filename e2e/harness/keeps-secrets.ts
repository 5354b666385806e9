import { expect, it } from '@jest/globals';
import { NOT_A_SECRET, PLANTS } from '../fixtures/planted-secrets.js';
import { hunt, type HuntingGround } from './secret-hunt.js';

/**
 * The tests that every ledger has to pass: what is planted is found nowhere.
 *
 * @param ground asked for when the systems are there
 */
export function itKeepsSecrets(ground: () => HuntingGround): void {
  it.each(Object.entries(PLANTS))('nothing tells %s', async (_, plant) => {
    const { outcome } = plant({ ...ground(), secret: '' });
    await expect(hunt(plant, ground())).resolves.toEqual({ outcome, leaks: [] });
  });

  it('what is no secret is found wherever one could be', async () => {
    await expect(hunt(NOT_A_SECRET, ground())).resolves.toEqual({
      outcome: 'FLG_ISSUE_OPEN',
      leaks: [
        'a line of the log',
        'a row of the ledger',
        'an error',
        'an event',
        'the answer of history()',
        'the answer of issues()',
        'the answer of plan()',
        'the health body',
      ],
    });
  });
}

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimAnswer, Target, TransactionOutcome } from '@flamingock/core/spi';
import type { TargetDatabase } from './harness.js';
import { claim, claimed, run } from './target-actions.js';

/** How long a transaction may say nothing, in milliseconds. */
export const IDLE_MS = 400;

export interface Overtaken {
  readonly outcome: TransactionOutcome;
  readonly answer: ClaimAnswer;
}

/** Lets a later run claim while a transaction of an older one is open, and the older one go on after a while. */
export async function overtaken(database: TargetDatabase, patienceMs: number): Promise<Overtaken> {
  const [older, later]: Target[] = [await database.target(), await database.target()];
  assert.ok(older !== undefined && later !== undefined);
  const fence = (await claimed(older, 7))(9);
  let answer: Promise<ClaimAnswer> | undefined;
  const outcome = await run(
    older,
    async (clients) => {
      await database.write(clients, 'begins');
      const claiming = { answered: false };
      answer = claim(later, 8, undefined, { patienceMs }).finally(() => {
        claiming.answered = true;
      });
      // Longer than the target's own lock time-out, so that the claim is made more than once.
      for (let round = 0; round < 80 && !claiming.answered; round += 1) await sleep(10);
      await database.write(clients, 'ends');
    },
    { fence },
  );
  assert.ok(answer !== undefined);
  return { outcome, answer: await answer };
}

/** Runs a change in which not even a timer fires for longer than the time-out. */
export async function stopped(database: TargetDatabase): Promise<TransactionOutcome> {
  return run(
    await database.target(),
    async (clients) => {
      await database.write(clients, 'a');
      const until = performance.now() + 3 * IDLE_MS;
      while (performance.now() < until);
      await database.write(clients, 'b');
    },
    { idleTimeoutMs: IDLE_MS },
  );
}

/** Whether the transaction of one change is begun while that of another one is open. */
export async function overlapping(database: TargetDatabase): Promise<boolean> {
  const [first, second] = [await database.target(), await database.target()];
  let begun = false;
  let other: Promise<TransactionOutcome> | undefined;
  let overlap = false;
  await run(first, async (clients) => {
    await database.write(clients, 'first');
    other = run(second, async () => {
      begun = true;
      return Promise.resolve();
    });
    for (let round = 0; round < 30 && !begun; round += 1) await sleep(10);
    overlap = begun;
  });
  assert.equal((await other)?.status, 'committed');
  return overlap;
}

import { describe, expect, test } from '@jest/globals';
import { plainTarget } from '../../test/faults.js';
import { KEY, storyOf } from '../../test/instance.js';
import { blockFor, plain, play, transactional } from '../../test/play.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget } from '../memory/memory-target.js';

describe('synchronous code that keeps the event loop from its turn', () => {
  // A margin of the lease must pass, and the threshold of what counts as blocked.
  const BLOCK_MS = 1300;

  test('is named with its length, and harmless where nobody took the lock over meanwhile', async () => {
    const change = plain((_context, effects) => {
      blockFor(BLOCK_MS);
      effects.push('a');
    });
    const { error, story, one } = await play(change, { leaseMs: 900 });
    expect(error).toBeUndefined();
    expect(story).toEqual(['a:STARTED:none', 'a:APPLIED:none']);
    const blocked = one.events.find((event) => event.type === 'event-loop-blocked');
    expect(blocked).toMatchObject({ change: { id: 'a' } });
    expect(blocked?.type === 'event-loop-blocked' && blocked.blockedMs).toBeGreaterThanOrEqual(1000);
  });

  test.each([
    ['without a transaction', 'plain'],
    ['in a transaction', 'tx'],
  ])('writes nothing more where another instance took the lock over: %s', async (_how, kind) => {
    const [ledger, target] = [new MemoryDatabase(), new MemoryDatabase()];
    const takeOver = async (): Promise<void> => {
      const session = await memoryAuditStore(ledger).openSession();
      await session.acquire(KEY, { owner: 'other', host: 'other', processId: 2, leaseMs: 60_000 });
    };
    const freeze = async (): Promise<void> => {
      blockFor(BLOCK_MS);
      // In the same turn, so before any timer of the lease: what a process does first that was stopped and goes on.
      await takeOver();
    };
    const change = kind === 'tx' ? transactional(freeze) : plain(freeze);
    const { error } = await play(change, {
      ledger,
      targets: kind === 'tx' ? { db: memoryTarget(target) } : { system: plainTarget([]) },
      leaseMs: 900,
    });
    expect(error).toMatchObject({
      code: 'FLG_LOCK_LOST',
      message: expect.stringMatching(/blocked for \d+(\.\d)? s by _0001__a/),
    });
    expect(await storyOf(ledger)).toEqual(['a:STARTED:none']);
    expect(ledger.ledger(KEY).lock).toMatchObject({ owner: 'other' });
  });
});

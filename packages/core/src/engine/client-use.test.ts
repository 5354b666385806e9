import { expect, test } from '@jest/globals';
import { undoing } from '../../test/counting.js';
import { plainChange, plainTarget, verifying } from '../../test/faults.js';
import { asking, instance } from '../../test/instance.js';
import type { Change } from '../change/change.js';
import { Transient } from '../change/transient.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import type { ClientUse, Target } from '../target/target.js';
import { commandsOf } from './commands.js';

/** A system that notes for which calls it was asked for a client, and for which its evidence was. */
function noting() {
  const uses: (ClientUse | undefined)[] = [];
  const observed: (ClientUse | undefined)[] = [];
  const plain = plainTarget([], () => ({ proof: 'none', settled: true }));
  const api: Target = {
    ...plain,
    client: (token, use) => {
      uses.push(use);
      return plain.client(token);
    },
    evidence: {
      observe: (attempt, use) => {
        observed.push(use);
        return plain.evidence?.observe(attempt, use) ?? Promise.resolve({ outcome: 'returned' });
      },
    },
  };
  return { api, uses, observed };
}

/** Starts an application over and over, on one ledger, and tells from when on the change was absent at each apply. */
async function absentAtEachApply(starts: number, parts: Partial<Change>) {
  const { api, uses } = noting();
  const store = memoryAuditStore(new MemoryDatabase());
  const change = plainChange(
    () => {
      throw new Error('503');
    },
    { recovery: 'ALWAYS_RETRY', ...parts },
  );
  for (let start = 0; start < starts; start += 1)
    await instance({ store, targets: { api }, changes: [change] })
      .start()
      .catch(() => undefined);
  return uses.filter((use) => use?.method === 'apply').map((use) => use?.absentSince);
}

test('a client is asked for the call that it is given to, and so is the evidence', async () => {
  const { api, uses, observed } = noting();
  const change = plainChange(() => undefined);
  await instance({ store: memoryAuditStore(), targets: { api }, changes: [change] }).start();
  expect(uses).toMatchObject([
    { key: { service: 'orders' }, changeId: 'a', method: 'apply', absentSince: 0 },
  ]);
  expect(observed).toEqual(uses);
});

test('a look at an issue is told of what it is: a part that is left of an undo is not undone', async () => {
  const { api, uses } = noting();
  const change = plainChange(() => undefined, {
    rollback: asking([Array], () => {
      throw new Error('503');
    }),
    verify: asking([Array], () => 'UNKNOWN'),
  });
  const made = instance({ store: memoryAuditStore(), targets: { api }, changes: [change] });
  await made.start();
  await undoing(made).catch(() => undefined);
  uses.length = 0;
  const { issue } = commandsOf(made.engine, () => Promise.resolve(made.parts));
  expect(await issue('a', { verify: true })).toMatchObject({ of: 'undo', verified: { result: 'UNKNOWN' } });
  expect(uses).toMatchObject([{ changeId: 'a', method: 'verify', of: 'undo', signal: { aborted: false } }]);
});

test('an effect keeps its name as long as nobody knows whether it is there', async () => {
  expect(await absentAtEachApply(3, {})).toEqual([0, 0, 0]);
});

test('and gets another one once it was taken back, in the same run too', async () => {
  const [first, second, third] = await absentAtEachApply(2, {
    rollback: asking([], () => undefined),
    retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 1 },
    apply: asking([Array], () => {
      throw new Transient('503');
    }),
  });
  expect([first, second, third]).toEqual([0, expect.any(Number), expect.any(Number)]);
  expect(second).toBeLessThan(Number(third));
});

test('but not once a verify has not found the whole of it: a part may be there, which a repeat completes', async () => {
  expect(
    await absentAtEachApply(
      2,
      verifying(() => 'NOT_APPLIED'),
    ),
  ).toEqual([0, 0]);
});

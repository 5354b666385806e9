import { expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { dyingAt, LEASE_MS } from '../../test/faults.js';
import { asking, instance, storyOf } from '../../test/instance.js';
import type { Change } from '../change/change.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../memory/memory-target.js';

const counting = (name: string): Change =>
  changeOf(name, {
    apply: asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set(name, Number(values.get(name) ?? 0) + 1);
    }),
  });

const first = counting('_0001__a');
const second = counting('_0002__b');

test.each([
  ['was committed', 'APPLIED', 'before', ['a:STARTED:none', 'a:APPLIED:fence']],
  ['was not', 'STARTED', 'after', ['a:STARTED:none', 'a:FAILED:fence']],
] as const)(
  'what another release left open at the target is settled before the fence shows something else: it %s',
  async (_what, state, when, settled) => {
    const ledger = new MemoryDatabase();
    const target = new MemoryDatabase();
    const parts = { targets: { db: memoryTarget(target) }, leaseMs: LEASE_MS, waitMs: 15_000 };
    await new Promise<void>((died) => {
      const store = dyingAt(memoryAuditStore(ledger), state, when, died);
      void instance({ ...parts, store, changes: [first, second] })
        .start()
        .catch(() => undefined);
    });
    const store = memoryAuditStore(ledger);
    await instance({ ...parts, store, changes: [second] }).start();
    expect(await storyOf(ledger)).toEqual([...settled, 'b:STARTED:none', 'b:APPLIED:transaction']);

    await instance({ ...parts, store, changes: [first, second], outOfOrder: true }).start();
    expect(Object.fromEntries(target.contents().values)).toEqual({ _0001__a: 1, _0002__b: 1 });
  },
);

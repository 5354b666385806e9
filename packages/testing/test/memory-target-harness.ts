import { MemoryDatabase, memoryTarget, MemoryValues } from '@flamingock/core';
import type { FenceKey } from '@flamingock/core/spi';
import type { TargetHarness } from '../src/target/harness.js';

/** The in-memory target: its changes write values, and send no statements. */
export const memoryTargetHarness: TargetHarness = {
  lacks: {
    statements: 'values are written directly',
    concurrentTransactions: 'it has one writer at a time',
    idleTimeout: 'there is no server',
    endsHolders: 'there is no server',
    timeouts: 'nothing is ever waited for inside of a transaction',
    plainClients: 'its only client has a bound form',
    lostReplies: 'there is no connection',
    permissions: 'there are no users',
  },
  database() {
    const database = new MemoryDatabase();
    return Promise.resolve({
      client: MemoryValues,
      target: () => Promise.resolve(memoryTarget(database)),
      async write(clients, value): Promise<void> {
        const values = clients.client(MemoryValues) as MemoryValues;
        if (values.get(value) !== undefined) throw new Error(`${value} is there already`);
        values.set(value, true);
      },
      rawFence: (key) => Promise.resolve(database.contents().fences.get(fenceId(key))),
      async restoreFence(key, fence): Promise<void> {
        const fences = new Map(database.contents().fences);
        if (fence === undefined) fences.delete(fenceId(key));
        else fences.set(fenceId(key), fence);
        database.commit({ fences });
      },
      rawValues: () => Promise.resolve([...database.contents().values.keys()].sort()),
      close: () => Promise.resolve(),
    });
  },
};

function fenceId({ service, tenant }: FenceKey): string {
  return JSON.stringify([service, tenant]);
}

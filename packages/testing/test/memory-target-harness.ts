import { MemoryDatabase, memoryTarget, MemoryValues } from '@flamingock/core';
import type { TargetHarness } from '../src/target/harness.js';

/** The in-memory target: its changes write values, and send no statements. */
export const memoryTargetHarness: TargetHarness = {
  lacks: {
    statements: 'values are written directly',
    idleTimeout: 'there is no server',
    endsHolders: 'there is no server',
  },
  database() {
    const database = new MemoryDatabase();
    return Promise.resolve({
      client: MemoryValues,
      target: () => Promise.resolve(memoryTarget(database)),
      async write(clients, value): Promise<void> {
        (clients.client(MemoryValues) as MemoryValues).set(value, true);
      },
      rawFence: ({ service, tenant }) =>
        Promise.resolve(database.contents().fences.get(JSON.stringify([service, tenant]))),
      rawValues: () => Promise.resolve([...database.contents().values.keys()].sort()),
      close: () => Promise.resolve(),
    });
  },
};

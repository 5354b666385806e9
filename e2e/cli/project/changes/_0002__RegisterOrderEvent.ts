import { setTimeout } from 'node:timers/promises';
import { defineChange, type Verdict } from '@flamingock/core';
import { FileRegistry } from '../file-registry.js';

/** How many steps of 150 ms it takes. */
const STEPS = new Map<string | undefined, number>([
  ['slow', 20],
  ['long', 400],
]);

const { INCIDENT: incident, VERIFY: verifies } = process.env;

export default defineChange({
  id: 'register-order-event',
  targetSystem: 'registry',
  inject: { registry: FileRegistry },
  async apply({ registry }, { signal, progress }) {
    registry.register('order-events-value');
    if (incident === 'killed') process.kill(process.pid, 'SIGKILL');
    if (incident === 'fails') throw new Error('the connection to the registry was lost');
    const total = STEPS.get(incident) ?? 0;
    for (let done = 1; done <= total; done += 1) {
      progress(done, total);
      await setTimeout(150, undefined, { signal });
    }
  },
  async rollback() {
    if (incident === 'fails') throw new Error('the connection to the registry was lost');
    await Promise.resolve();
  },
  ...(verifies === undefined
    ? {}
    : {
        verify: async ({ registry }: Readonly<{ registry: FileRegistry }>): Promise<Verdict> => {
          await Promise.resolve();
          if (incident === 'fails') throw new Error('the connection to the registry was lost');
          return registry.count('order-events-value') > 0 ? 'APPLIED' : 'NOT_APPLIED';
        },
      }),
});

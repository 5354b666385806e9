import { setTimeout } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { FileRegistry } from '../file-registry.js';

/** How many steps of 150 ms it takes. */
const STEPS = new Map<string | undefined, number>([
  ['slow', 20],
  ['long', 400],
]);

export default defineChange({
  id: 'register-order-event',
  targetSystem: 'registry',
  inject: { registry: FileRegistry },
  async apply({ registry }, { signal, progress }) {
    registry.register('order-events-value');
    const { INCIDENT: incident } = process.env;
    if (incident === 'killed') process.kill(process.pid, 'SIGKILL');
    if (incident === 'fails') throw new Error('the connection to the registry was lost');
    const total = STEPS.get(incident) ?? 0;
    for (let done = 1; done <= total; done += 1) {
      progress(done, total);
      await setTimeout(150, undefined, { signal });
    }
  },
  async rollback() {
    if (process.env['INCIDENT'] === 'fails') throw new Error('the connection to the registry was lost');
    await Promise.resolve();
  },
});

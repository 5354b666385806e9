import { setTimeout } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { FileRegistry } from '../file-registry.js';

export default defineChange({
  id: 'register-order-event',
  targetSystem: 'registry',
  inject: { registry: FileRegistry },
  async apply({ registry }, { signal, progress }) {
    registry.register('order-events-value');
    switch (process.env['INCIDENT']) {
      case 'killed':
        process.kill(process.pid, 'SIGKILL');
        break;
      case 'fails':
        throw new Error('the connection to the registry was lost');
      case 'slow':
      case 'long': {
        const total = process.env['INCIDENT'] === 'slow' ? 20 : 400;
        for (let done = 1; done <= total; done += 1) {
          progress(done, total);
          await setTimeout(150, undefined, { signal });
        }
      }
    }
  },
  async rollback() {
    if (process.env['INCIDENT'] === 'fails') throw new Error('the connection to the registry was lost');
    await Promise.resolve();
  },
});

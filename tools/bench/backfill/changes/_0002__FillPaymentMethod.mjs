import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
import { fill } from '../orders.mjs';

/** The id of the row after which the process dies: its batch is durable, and its checkpoint is not. */
const diesAt = Number(process.env['DIES_AT'] ?? NaN);

export default defineChange({
  id: 'fill-payment-method',
  runBy: 'cli',
  transactional: false,
  resumable: true,
  inject: { orders: SqlExecutor },
  async apply({ orders }, { checkpoint, progress, signal }) {
    await fill({
      query: (sql, parameters) => orders.query(sql, parameters),
      after: (await checkpoint.load()) ?? 0,
      onBatch: async (last, total) => {
        if (last >= diesAt) process.kill(process.pid, 'SIGKILL');
        await checkpoint.save(last);
        progress(last, total);
        signal.throwIfAborted();
      },
    });
  },
});

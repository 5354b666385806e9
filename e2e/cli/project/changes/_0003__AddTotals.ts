import { Apply, Change, Rollback, TargetSystem, Verify, type Verdict } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

@Change({ id: 'add-totals' })
@TargetSystem('orders-db')
export class _0003__AddTotals {
  @Apply()
  async apply(orders: SqlExecutor): Promise<void> {
    await orders.query('ALTER TABLE orders ADD COLUMN total integer');
  }

  @Rollback()
  async rollback(orders: SqlExecutor): Promise<void> {
    await orders.query('ALTER TABLE orders DROP COLUMN total');
  }

  @Verify()
  async verify(orders: SqlExecutor): Promise<Verdict> {
    return orders
      .query('SELECT total FROM orders LIMIT 0')
      .then(() => 'APPLIED' as const)
      .catch(() => 'NOT_APPLIED' as const);
  }
}
